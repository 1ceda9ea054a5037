# Läuft
data "aws_iam_policy_document" "blocks" {
  statement {
    sid       = "Läuft"
    actions   = ["s3:GetObject", "ec2:\u002a"]
    resources = ["*"]
  }
}
