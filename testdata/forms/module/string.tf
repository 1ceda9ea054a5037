resource "aws_iam_policy" "string" {
  policy = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"Läuft\", \"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"ec2:*\"], \"Resource\": \"*\"}]}"
}
