"""Asks for a session."""
import boto3

KNOWN = {"arn:aws:iam::111122223333:mfa/root-account-mfa-device": "the root user"}
boto3.client("sts").get_session_token(SerialNumber="arn:aws:iam::111122223333:mfa/root-account-mfa-device", TokenCode="123456")
