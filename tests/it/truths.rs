//! What the rules on validity must not say, since AWS documents the opposite, and what they say close by.

use crate::lint::{lint, lint_pedantic, told};
use whit::access::actions::expand;
use whit::finding::Finding;
use whit::policy::ActionPattern;
use whit::rules::{self, Category};

fn with(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{statement}}}]}}"#)
}

/// What the rules on validity say, with `--pedantic`.
fn valid(text: &str) -> Vec<Finding> {
    let of_validity =
        |finding: &Finding| rules::find(finding.rule.0).is_some_and(|entry| entry.doc.category == Category::Validity);
    lint_pedantic("a.json", text).into_iter().filter(of_validity).collect()
}

/// Statements, and what is wrong with them.
type Rows<'a> = &'a [(&'a str, &'a [(&'a str, &'a str)])];

fn check(rows: Rows<'_>) {
    for (statement, wanted) in rows {
        let text = with(statement);
        assert_eq!(told(&valid(&text), &text), *wanted, "{text}");
    }
}

#[test]
fn tags_are_on_resources_of_every_type() {
    check(&[
        (
            r#""Action":"elasticloadbalancing:AddTags","Resource":"arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/a/*""#,
            &[],
        ),
        (
            r#""Action":"elasticloadbalancing:RemoveTags","Resource":"arn:aws:elasticloadbalancing:*:*:listener-rule/net/*/*/*""#,
            &[],
        ),
        (
            r#""Action":"aws-marketplace:TagResource","Resource":"arn:aws:aws-marketplace:us-east-1:111122223333:AWSMarketplace/Offer/*""#,
            &[],
        ),
        (r#""Action":"glue:GetTags","Resource":"arn:aws:glue:*:111122223333:registry/*""#, &[]),
        (
            r#""Action":"elasticloadbalancing:AddTags","Resource":"arn:aws:sqs:*:111122223333:a""#,
            &[("resource-mismatch", r#""elasticloadbalancing:AddTags""#)],
        ),
        (
            r#""Action":"s3:PutObjectTagging","Resource":"arn:aws:s3:::a""#,
            &[("resource-mismatch", r#""s3:PutObjectTagging""#)],
        ),
    ]);
}

#[test]
fn types_that_no_action_is_known_to_take_are_new() {
    check(&[
        (
            r#""Action":"sagemaker-mlflow:CreateRun","Resource":"arn:aws:sagemaker:us-east-1:111122223333:mlflow-app/*""#,
            &[],
        ),
        (
            r#""Action":"sagemaker-mlflow:CreateRun","Resource":"arn:aws:sqs:us-east-1:111122223333:a""#,
            &[("resource-mismatch", r#""sagemaker-mlflow:CreateRun""#)],
        ),
        (
            r#""Action":"backup:StartRestoreJob","Resource":"arn:aws:backup:us-east-1:111122223333:recovery-point:*""#,
            &[],
        ),
    ]);
}

#[test]
fn what_aws_owns_is_in_no_account() {
    check(&[
        (
            r#""Action":"ssm:SendCommand","Resource":["arn:aws:ssm:us-east-1::document/AWS-RunShellScript","arn:aws:ec2:us-east-1:111122223333:instance/i-0abc"]"#,
            &[],
        ),
        (
            r#""Action":"ssm:GetParameter","Resource":"arn:aws:ssm:us-east-1::parameter/aws/service/eks/optimized-ami/*""#,
            &[],
        ),
        (
            r#""Action":"ssm:StartAutomationExecution","Resource":"arn:aws:ssm:us-east-1::automation-definition/AWS-RestartEC2Instance:$DEFAULT""#,
            &[],
        ),
        (
            r#""Action":"resource-explorer-2:Search","Resource":"arn:aws:resource-explorer-2:us-east-1::view/AWSServiceViewForApplicationSignals/service-view""#,
            &[],
        ),
        (
            r#""Action":"cloudformation:CreateChangeSet","Resource":"arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31""#,
            &[],
        ),
        (
            r#""Action":"bedrock:InvokeModel","Resource":["arn:aws:bedrock:us-east-1::foundation-model/a.b-v1:0","arn:aws:bedrock:::foundation-model/a.b-v1:0"],"Condition":{"StringEquals":{"aws:RequestedRegion":"unspecified"}}"#,
            &[],
        ),
        (
            r#""Action":"ssm:GetParameter","Resource":"arn:aws:ssm:us-east-1::parameter/mine""#,
            &[("impossible-arn", r#""arn:aws:ssm:us-east-1::parameter/mine""#)],
        ),
        (
            r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*","Condition":{"StringEquals":{"aws:RequestedRegion":"unknown"}}"#,
            &[("invalid-condition-value", r#""unknown""#)],
        ),
    ]);
}

#[test]
fn keys_of_sessions_are_on_every_request() {
    for key in ["ssm:SourceInstanceARN", "ec2:SourceInstanceArn", "lambda:SourceFunctionArn"] {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "ssm:DeregisterManagedInstance", "Resource": "arn:aws:ssm:*:*:managed-instance/*", "Condition": {{"ArnLike": {{"{key}": "arn:aws:ssm:*:*:managed-instance/*"}}}}}}}}"#
        );
        let findings = lint_pedantic("policy.json", &text);
        assert!(findings.iter().all(|finding| finding.rule.0 != "unsupported-condition-key"), "{key}: {findings:?}");
    }
}

#[test]
fn keys_that_no_action_is_known_to_carry_may_be_on_every_request() {
    let federated = |condition: &str| {
        format!(
            r#""Principal":{{"Federated":"arn:aws:iam::111122223333:saml-provider/x"}},"Action":["sts:AssumeRoleWithSAML","sts:TagSession","sts:SetSourceIdentity"],"Condition":{{{condition}}}"#
        )
    };
    check(&[
        (
            r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnEquals":{"lambda:SourceFunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f"}}"#,
            &[],
        ),
        (
            r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ArnEquals":{"ec2:SourceInstanceARN":"arn:aws:ec2:us-east-1:111122223333:instance/i-1"}}"#,
            &[],
        ),
        (
            r#""Action":"states:InvokeHTTPEndpoint","Resource":"arn:aws:states:us-east-1:111122223333:stateMachine:m","Condition":{"StringEquals":{"states:HTTPMethod":"GET"},"StringLike":{"states:HTTPEndpoint":"https://api.example.com/*"}}"#,
            &[],
        ),
        (
            r#""Action":"identitystore:DescribeUser","Resource":"*","Condition":{"StringEquals":{"identitystore:UserId":"${identitystore:UserId}"}}"#,
            &[],
        ),
        (
            r#""Action":"aws-marketplace:Subscribe","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"aws-marketplace:ProductId":["a"]}}"#,
            &[],
        ),
        (&federated(r#""StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}"#), &[]),
        // A key that is known to be carried, by others.
        (
            r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"s3:prefix":"a"}}"#,
            &[("unsupported-condition-key", r#""s3:prefix""#)],
        ),
        (
            r#""Action":"sts:GetSessionToken","Resource":"*","Condition":{"StringEquals":{"SAML:aud":"a"}}"#,
            &[("unsupported-condition-key", r#""SAML:aud""#)],
        ),
    ]);
}

#[test]
fn what_is_gone_is_one_finding() {
    check(&[
        (r#""Action":"iotevents:ListInputs","Resource":"*""#, &[("retired-action", r#""iotevents:ListInputs""#)]),
        (r#""Action":"evidently:List*","Resource":"*""#, &[("retired-action", r#""evidently:List*""#)]),
        (r#""Action":"deeplens:*","Resource":"*""#, &[("retired-action", r#""deeplens:*""#)]),
        (r#""Action":"deeplens:Nonsense","Resource":"*""#, &[("retired-action", r#""deeplens:Nonsense""#)]),
        (
            r#""Action":["iot1click:ListDevices","zocalo:*"],"Resource":"*""#,
            &[("retired-action", r#""iot1click:ListDevices""#), ("retired-action", r#""zocalo:*""#)],
        ),
        (r#""Action":"account:GetChallenge*","Resource":"*""#, &[("retired-action", r#""account:GetChallenge*""#)]),
        (r#""Action":"account:Get*","Resource":"*""#, &[]),
        (r#""Action":"nonsense:*","Resource":"*""#, &[("unknown-action", r#""nonsense:*""#)]),
    ]);
}

/// The help of the one finding on an action.
fn help(action: &str) -> String {
    let text = with(&format!(r#""Action":"{action}","Resource":"*""#));
    let [finding] = &valid(&text)[..] else { panic!("{action}: {:#?}", valid(&text)) };
    assert_eq!(finding.rule.0, "unknown-action");
    finding.help.split(';').next().unwrap_or_default().to_owned()
}

#[test]
fn what_is_proposed_exists() {
    for (action, proposed) in [
        ("bedrock-runtime:InvokeModel", "write `bedrock:InvokeModel`"),
        ("vpc:DescribeSubnets", "write `ec2:DescribeSubnets`"),
        ("dyanmodb:DeleteTable", "write `dynamodb:DeleteTable`"),
        ("dyanmodb:Delete*", "write `dynamodb:Delete*`"),
        ("dyanmodb:Nonsense*", "look it up in the service authorization reference"),
        ("nonsense:TagResource", "look it up in the service authorization reference"),
        ("s3:ListObjects", "write `s3:ListBucket`"),
        ("s3:ListObject", "write `s3:ListBucket`"),
        ("logs:CreateLogtream", "write `logs:CreateLogStream`"),
        ("s3:PutBucketEncryption", "write `s3:PutEncryptionConfiguration`"),
        ("sns:PublishBatch", "write `sns:Publish`"),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "look it up in the service authorization reference"),
    ] {
        assert_eq!(help(action), proposed, "{action}");
        // Every second part between backticks is a proposal.
        for name in proposed.split('`').skip(1).step_by(2) {
            assert!(expand(&ActionPattern::new(name)).next().is_some(), "{name}");
        }
    }
}

#[test]
fn aws_asks_for_many_actions_on_arns_that_the_reference_does_not_list() {
    check(&[
        (r#""Action":"eks:CreateCluster","Resource":"arn:aws:eks:us-east-1:111122223333:cluster/prod""#, &[]),
        (
            r#""Action":"states:ListStateMachines","Resource":"arn:aws:states:us-east-1:111122223333:stateMachine:*""#,
            &[],
        ),
        (r#""Action":"ssmmessages:OpenDataChannel","Resource":"arn:aws:ssm:*:*:session/${aws:userid}-*""#, &[]),
        (
            r#""Action":"elasticloadbalancing:SetWebACL","Resource":"arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/*""#,
            &[],
        ),
        (r#""Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::*""#, &[]),
        (
            r#""Action":"s3:ListAllMyBuckets","Resource":"arn:aws:s3:::a""#,
            &[("resource-mismatch", r#""s3:ListAllMyBuckets""#)],
        ),
        (
            r#""Action":"logs:DescribeLogGroups","Resource":"arn:aws:s3:::a/*""#,
            &[("resource-mismatch", r#""logs:DescribeLogGroups""#)],
        ),
    ]);
}

#[test]
fn numbers_are_compared_with_what_the_reference_calls_text() {
    let on = |operator: &str, key: &str, value: &str| {
        format!(r#""Action":"*","Resource":"*","Condition":{{"{operator}":{{"{key}":"{value}"}}}}"#)
    };
    for (operator, key, value, found) in [
        ("NumericLessThan", "glacier:ArchiveAgeInDays", "365", false),
        ("NumericLessThan", "ec2:RoleDelivery", "2.0", false),
        ("NumericEquals", "aws:PrincipalTag/level", "3", false),
        ("DateGreaterThan", "aws:ResourceTag/expires", "2030-01-01T00:00:00Z", false),
        // Of these the types are certain.
        ("NumericEquals", "aws:PrincipalOrgID", "1", true),
        ("StringEquals", "aws:SourceIp", "203.0.113.0/24", true),
        ("Bool", "aws:PrincipalTag/level", "true", true),
    ] {
        let text = with(&on(operator, key, value));
        let findings = valid(&text);
        let told = findings.iter().any(|finding| finding.rule.0 == "operator-key-mismatch");
        assert_eq!(told, found, "{text}: {findings:#?}");
    }
}

#[test]
fn regions_may_be_newer_than_the_catalogue() {
    let text = |value: &str| {
        with(&format!(
            r#""Action":"kms:Decrypt","Resource":"arn:aws:kms:us-east-1:111122223333:key/*","Condition":{{"StringEquals":{{"kms:ViaService":"{value}"}}}}"#
        ))
    };
    for (value, found) in [
        ("s3.eu-west-9.amazonaws.com", &[][..]),
        ("s3.eu-west.amazonaws.com", &[("invalid-condition-value", r#""s3.eu-west.amazonaws.com""#)]),
        ("s3.amazonaws.com", &[("invalid-condition-value", r#""s3.amazonaws.com""#)]),
    ] {
        let text = text(value);
        assert_eq!(told(&lint("a.json", &text), &text), found, "{text}");
    }
}

#[test]
fn one_partition_is_one_finding() {
    let text = with(
        r#""Action":"s3:GetObject","Resource":["arn:aws-test:s3:::a/*","arn:aws-test:s3:::b/*","arn:aws-nonsense:s3:::a/*","arn:aws:s3:::c/*"]"#,
    );
    let findings = lint("a.json", &text);
    assert_eq!(
        told(&findings, &text),
        [("invalid-arn", r#""arn:aws-test:s3:::a/*""#), ("invalid-arn", r#""arn:aws-nonsense:s3:::a/*""#)]
    );
    assert_eq!(findings.iter().map(|finding| finding.labels.len()).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn an_arn_among_the_actions_is_no_other_service() {
    let text = with(
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":["s3:GetObject","arn:aws:s3:::a/*"],"Resource":"arn:aws:s3:::a/*""#,
    );
    let bucket = format!(
        r#"{{"Resources":{{"P":{{"Type":"AWS::S3::BucketPolicy","Properties":{{"Bucket":"a","PolicyDocument":{text}}}}}}}}}"#
    );
    let findings = lint("a.json", &bucket);
    assert_eq!(told(&findings, &bucket), [("unknown-action", r#""arn:aws:s3:::a/*""#)]);
    assert_eq!(findings[0].message, "`arn:aws:s3:::a/*` is an ARN, and no action");
    let text = with(r#""Action":"arn:aws:glue:us-east-1:${ACCOUNT_ID}:*","Resource":"*""#);
    assert_eq!(told(&valid(&text), &text), [("unknown-action", r#""arn:aws:glue:us-east-1:${ACCOUNT_ID}:*""#)]);
}

#[test]
fn a_set_operator_with_two_keys_is_one_finding() {
    let text = with(
        r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ForAllValues:StringEquals":{"aws:PrincipalAccount":"111122223333","aws:ResourceAccount":"111122223333"}}"#,
    );
    let found = valid(&text);
    assert_eq!(told(&found, &text), [("misused-set-operator", r#""ForAllValues:StringEquals""#)]);
    // Nothing is opened by the set operator that `IfExists` does not open.
    let text = text.replace("ForAllValues:StringEquals", "ForAllValues:StringEqualsIfExists");
    assert!(lint("policy.json", &text).iter().all(|finding| finding.rule.0 != "misused-set-operator"));
    assert!(lint_pedantic("policy.json", &text).iter().any(|finding| finding.rule.0 == "misused-set-operator"));
    assert!(found[0].message.contains("`aws:PrincipalAccount` and `aws:ResourceAccount`, which have one value each"));
}

#[test]
fn what_is_filled_in_counts_for_as_little_as_it_can_be() {
    let role = |resource: &str, count: usize| {
        let resources: String =
            (0..count).map(|number| format!("                  - {resource}{number:03}\n")).collect();
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {{}}\n      Policies:\n        - PolicyName: p\n          PolicyDocument:\n            Version: '2012-10-17'\n            Statement:\n              - Effect: Allow\n                Action: lambda:InvokeFunction\n                Resource:\n{resources}"
        )
    };
    let sizes = |text: &str| {
        let found = lint_pedantic("t.yaml", text).into_iter().filter(|finding| finding.rule.0 == "oversized-policy");
        found.map(|finding| finding.message).collect::<Vec<_>>()
    };
    let frame =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":[]}]}"#
            .len();
    let entry = |arn: &str| arn.len() + r#""000","#.len();
    let sub = "!Sub arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:f";
    let least = entry("arn:aws:lambda:us-east-1:111122223333:function:f");
    let fit = (10_240 - frame) / least;
    assert_eq!(sizes(&role(sub, fit)), [""; 0]);
    let told = format!(
        "policy has {} characters, and AWS takes 10240 of the inline policies of a role",
        frame + (fit + 1) * least - 1
    );
    assert_eq!(sizes(&role(sub, fit + 1)), [told]);
    // Of a parameter nothing is known.
    let parameter = "!Sub arn:aws:lambda:*:111122223333:function:${TheNameOfAParameterThatIsLongerThanMostNamesAre}f";
    assert_eq!(sizes(&role(parameter, (10_240 - frame) / entry("arn:aws:lambda:*:111122223333:function:f"))), [""; 0]);
}

#[test]
fn an_arn_that_is_too_short_for_its_name_is_no_wide_one() {
    let of = |resource: &str| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"}}]}}"#
        );
        lint("p.json", &text).iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
    };
    assert_eq!(of("arn:aws:s3::bucket/*"), ["invalid-arn"]);
    assert_eq!(of("arn:aws:s3::bucket"), ["invalid-arn"]);
    assert_eq!(of("arn:aws:s3:*"), ["unscoped-data-access"]);
}

#[test]
fn many_equal_entries_take_no_time() {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": [{}"iam:*"], "Resource": "*"}}]}}"#,
        r#""s3:GetObject", "#.repeat(20_000)
    );
    let started = std::time::Instant::now();
    assert!(lint("p.json", &text).iter().any(|finding| finding.rule.0 == "iam-wildcard"));
    // It took nine seconds when each was compared with all others, and takes a quarter of one.
    assert!(started.elapsed().as_secs() < 4, "{:?}", started.elapsed());
}
