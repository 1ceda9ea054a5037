#!/bin/sh
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
aws sts get-session-token \
    --serial-number "arn:aws:iam::${ACCOUNT}:mfa/root-account-mfa-device" \
    --token-code "$1"
# the device that the console left behind half done
aws iam delete-virtual-mfa-device --serial-number arn:aws:iam::111122223333:mfa/root-account-mfa-device
