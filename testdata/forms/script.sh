#!/bin/sh
# Läuft
cat > policy.json << 'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Läuft",
      "Effect": "Allow",
      "Action": [
        "s3:GetObject",
        "ec2:*"
      ],
      "Resource": "*"
    }
  ]
}
EOF
aws iam put-role-policy --role-name r --policy-name p --policy-document '{"Version": "2012-10-17", "Statement": [{"Sid": "Läuft", "Effect": "Allow", "Action": ["s3:GetObject", "ec2:*"], "Resource": "*"}]}'
aws iam put-role-policy --role-name r --policy-name p --policy-document "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"Läuft\", \"Effect\": \"Allow\", \"Action\": [\"s3:GetObject\", \"ec2:*\"], \"Resource\": \"*\"}]}"
