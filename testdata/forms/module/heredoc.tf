resource "aws_iam_policy" "heredoc" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Läuft", "Effect": "Allow", "Action": ["s3:GetObject", "ec2:*"], "Resource": ["*", "${lookup(var.a, "é")}"]}
      ]
    }
  EOT
}
