resource "aws_iam_policy" "läuft" {
  name   = "p"
	policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect : "Allow"
      Action   = ["s3:GetObject", "ec2:*"]
      Resource = "*"
    }]
  })
}
