//! Who is let in, where the file says more of it than the statement: values that deployment fills in, times that have passed,
//! exceptions, and ways in that lead through something else.

use crate::lint::{is_of_everyone, lint, lint_pedantic, lint_with, told};
use whit::finding::Confidence;
use whit::settings::Settings;

/// The policy of a bucket, of one statement for everyone.
fn bucket(condition: &str, more: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*"{condition}}}{more}]}}"#
    )
}

/// The findings of the rules on what is open to everyone: whether only the thorough reader sees them, how sure they are, and their words.
fn public(path: &str, text: &str) -> Vec<(bool, Confidence, String)> {
    let shown = lint(path, text).iter().any(is_of_everyone);
    let found = lint_pedantic(path, text).into_iter().filter(is_of_everyone);
    found.map(|finding| (!shown, finding.confidence, finding.message)).collect()
}

#[test]
fn a_reference_narrows_and_what_may_not_is_told_as_doubtful() {
    let queue = |condition: &str| {
        format!(
            "resource \"aws_sqs_queue_policy\" \"q\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ \
             Effect = \"Allow\", Principal = \"*\", Action = \"sqs:SendMessage\", Resource = \"*\", Condition = {{ {condition} }} }}] }})\n}}\n"
        )
    };
    for condition in [
        r#"ArnEquals = { "aws:SourceArn" = var.topic_arn }"#,
        r#"ArnLike = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:${var.account}:*" }"#,
        r#""ForAnyValue:StringLike" = { "aws:PrincipalOrgPaths" = "o-exampleorg1/*/${var.unit}/*" }"#,
    ] {
        assert_eq!(public("main.tf", &queue(condition)), [], "{condition}");
    }
    let text = queue(r#"ArnLike = { "aws:SourceArn" = "${var.topic}*" }"#);
    let doubtful = "anyone may call `sqs:SendMessage` on this queue, unless a condition keeps them out".to_owned();
    assert_eq!(public("main.tf", &text), [(true, Confidence::Low, doubtful)]);
}

#[test]
fn a_choice_between_exact_values_narrows() {
    let deny = |values: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: b\n      PolicyDocument:\n        \
             Version: '2012-10-17'\n        Statement:\n          - {{Effect: Allow, Principal: '*', Action: 's3:GetObject', \
             Resource: 'arn:aws:s3:::b/*'}}\n          - {{Effect: Deny, Principal: '*', Action: 's3:*', \
             Resource: 'arn:aws:s3:::b/*', Condition: {{StringNotLike: {{'aws:PrincipalOrgID': {values}}}}}}}\n"
        )
    };
    assert_eq!(public("t.yaml", &deny("!If [Made, !GetAtt Organization.Id, !Ref Id]")), []);
    assert_eq!(public("t.yaml", &deny("!If [Made, 'o-*', !Ref Id]")).len(), 1);
    // What else is chosen leaves the Deny itself in doubt, and what is chosen elsewhere says nothing of it.
    let chosen = deny("!Ref Id").replace("Action: 's3:*'", "Action: !If [Made, 's3:*', 's3:PutObject']");
    assert_eq!(public("t.yaml", &chosen).len(), 1);
    let elsewhere =
        deny("!Ref Id").replace("Action: 's3:GetObject'", "Action: !If [Made, 's3:GetObject', 's3:GetObjectAcl']");
    assert_eq!(public("t.yaml", &elsewhere), []);
}

#[test]
fn what_has_lapsed_lets_nobody_in() {
    let until =
        |time: &str| bucket(&format!(r#", "Condition": {{"DateLessThan": {{"aws:CurrentTime": "{time}"}}}}"#), "");
    let rules = |text: &str, now: Option<&str>| {
        let now = now.and_then(|now| now.parse().ok());
        let found = lint_with("policy.json", text.as_bytes(), &Settings { now, ..Settings::default() });
        found.iter().map(|finding| finding.rule.0).collect::<Vec<_>>()
    };
    assert_eq!(rules(&until("2020-01-01T00:00:00Z"), None), [""; 0]);
    assert_eq!(rules(&until("2099-01-01T00:00:00Z"), None), ["public-resource"]);
    assert_eq!(rules(&until("2099-01-01T00:00:00Z"), Some("2100-01-01T00:00:00Z")), [""; 0]);
    assert_eq!(rules(&until("2020-01-01T00:00:00Z"), Some("2019-01-01T00:00:00Z")), ["public-resource"]);
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}]}"#;
    assert_eq!(rules(trust, None), [""; 0]);
    // A Deny that has lapsed keeps nobody out.
    let deny = r#", {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"DateLessThan":
        {"aws:CurrentTime": "2020-01-01T00:00:00Z"}, "StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}}"#;
    assert_eq!(rules(&bucket("", deny), None), ["public-resource"]);
}

#[test]
fn the_url_of_a_function_is_one_opening() {
    let template = |properties: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties: {{{properties}, FunctionName: f, Principal: '*'}}\n"
        )
    };
    let through_url = template("Action: lambda:InvokeFunction, InvokedViaFunctionUrl: true");
    assert_eq!(told(&lint_pedantic("t.yaml", &through_url), &through_url), []);
    let url = template("Action: lambda:InvokeFunctionUrl, FunctionUrlAuthType: NONE");
    assert_eq!(public("t.yaml", &url).len(), 1);
    let anyhow = template("Action: lambda:InvokeFunction, InvokedViaFunctionUrl: false");
    assert_eq!(public("t.yaml", &anyhow).len(), 1);
    let module = |kind: &str| {
        format!(
            "variable \"kind\" {{\n  default = \"NONE\"\n}}\nresource \"aws_lambda_function_url\" \"u\" {{\n  \
             function_name = \"f\"\n  authorization_type = {kind}\n}}\n"
        )
    };
    let words = "anyone may call the URL of this function, which then runs with the rights of its role".to_owned();
    assert_eq!(public("main.tf", &module("\"NONE\"")), [(false, Confidence::High, words.clone())]);
    assert_eq!(public("main.tf", &module("var.kind")), [(false, Confidence::Medium, words.clone())]);
    // What Terraform adds by itself, and a module writes out, is one opening.
    let again = "resource \"aws_lambda_permission\" \"u\" {\n  action = \"lambda:InvokeFunctionUrl\"\n  function_name = \"f\"\n  \
                 principal = \"*\"\n  function_url_auth_type = \"NONE\"\n}\n";
    assert_eq!(public("main.tf", &(module("\"NONE\"") + again)).len(), 1);
    assert_eq!(public("main.tf", &(module("\"AWS_IAM\"") + again)).len(), 1);
    let elsewhere = again.replace("\"f\"", "\"g\"");
    assert_eq!(public("main.tf", &(module("\"NONE\"") + &elsewhere)).len(), 2);
    let sam = |place: &str| {
        format!("Transform: AWS::Serverless-2016-10-31\n{place}      FunctionUrlConfig: {{AuthType: NONE}}\n")
    };
    for place in
        ["Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n", "Globals:\n    Function:\n"]
    {
        let text = sam(place);
        assert_eq!(public("t.yaml", &text), [(false, Confidence::High, words.clone())], "{place}");
        assert_eq!(told(&lint("t.yaml", &text), &text), [("public-function-url", "NONE")], "{place}");
        assert_eq!(public("t.yaml", &text.replace("NONE", "AWS_IAM")), [], "{place}");
        assert_eq!(public("t.yaml", &text.replace("NONE", "!Ref Auth")), [], "{place}");
    }
    let service =
        |url: &str| format!("service: s\nprovider: {{name: aws}}\nfunctions:\n  a:\n    handler: a.b\n    {url}\n");
    for (url, open) in [
        ("url: true", true),
        ("url:\n      cors: true", true),
        ("url: false", false),
        ("url:\n      authorizer: aws_iam", false),
    ] {
        let text = service(url);
        let wanted: &[(&str, &str)] = if open { &[("public-function-url", "url")] } else { &[] };
        assert_eq!(told(&lint("serverless.yml", &text), &text), wanted, "{url}");
        assert_eq!(told(&lint("serverless.yml", &text.replace("aws}", "google}")), &text), [], "{url}");
    }
    // Without a permission the URL of CloudFormation lets nobody in.
    let alone =
        "Resources:\n  U:\n    Type: AWS::Lambda::Url\n    Properties: {TargetFunctionArn: f, AuthType: NONE}\n";
    assert_eq!(public("t.yaml", alone), []);
    let signed = template("Action: lambda:InvokeFunctionUrl, FunctionUrlAuthType: AWS_IAM");
    let found = lint("t.yaml", &signed);
    assert_eq!(
        found.iter().map(|it| &*it.primary.text).collect::<Vec<_>>(),
        ["everyone who has credentials of some AWS account"]
    );
}

#[test]
fn access_points_decide_what_comes_through_them() {
    let through = |account: &str, key: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "*"}}, "Action": "*",
            "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "Condition": {{"StringEquals": {{"{key}": "{account}"}}}}}}]}}"#
        )
    };
    let text = through("111122223333", "s3:DataAccessPointAccount");
    assert_eq!(told(&lint("policy.json", &text), &text), []);
    let text = through("111122223333", "aws:PrincipalAccount");
    assert_eq!(told(&lint("policy.json", &text), &text), [("wildcard-action", r#""*""#)]);
    let own = Settings { accounts: ["444455556666".into()].into(), ..Settings::default() };
    let text = through("111122223333", "s3:DataAccessPointAccount");
    let found = lint_with("policy.json", text.as_bytes(), &own);
    assert!(
        found.iter().any(|finding| finding.rule.0 == "wildcard-action"),
        "somebody else's access points: {found:?}"
    );
    let module = r#"
data "aws_caller_identity" "this" {}
variable "account" {}
data "aws_iam_policy_document" "bucket" {
  statement {
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    actions   = ["*"]
    resources = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
    condition {
      test     = "StringEquals"
      variable = "s3:DataAccessPointAccount"
      values   = [ACCOUNT]
    }
  }
}
resource "aws_s3_bucket_policy" "b" {
  bucket = "b"
  policy = data.aws_iam_policy_document.bucket.json
}
"#;
    for account in ["data.aws_caller_identity.this.account_id", "var.account"] {
        let text = module.replace("ACCOUNT", account);
        assert_eq!(told(&lint("main.tf", &text), &text), [], "{account}");
    }
}

/// What the rules on open resources say: the rule, and the text of its message.
fn open(path: &str, text: &str) -> Vec<(&'static str, String)> {
    let found = lint_pedantic(path, text).into_iter();
    let open = found.filter(is_of_everyone);
    open.map(|finding| (finding.rule.0, finding.message)).collect()
}

const STATEMENT: &str = "{Effect: Allow, Principal: {AWS: '*'}, Action: 'es:ESHttpGet', Resource: '*'}";

#[test]
fn a_search_domain_in_a_vpc_is_open_to_the_vpc_only() {
    let outside = vec![("public-resource", "anyone may call `es:ESHttpGet` on this search domain".to_owned())];
    let inside = "anyone who reaches this search domain inside its VPC may call `es:ESHttpGet`".to_owned();
    let inside = vec![("possibly-public-resource", inside)];
    let perhaps = "anyone may call `es:ESHttpGet` on this search domain, unless it stands in a VPC".to_owned();
    let perhaps = vec![("possibly-public-resource", perhaps)];
    let template = |options: &str| {
        format!(
            "Resources:\n  D:\n    Type: AWS::OpenSearchService::Domain\n    Properties:\n      AccessPolicies:\n        \
             Version: '2012-10-17'\n        Statement: [{STATEMENT}]\n      {options}\n"
        )
    };
    for (options, expected) in [
        ("DomainName: d", &outside),
        ("VPCOptions: !Ref AWS::NoValue", &outside),
        ("AdvancedSecurityOptions: {Enabled: true}", &Vec::new()),
        ("AdvancedSecurityOptions: {Enabled: false}", &outside),
        ("AdvancedSecurityOptions: {Enabled: !Ref Asks}", &outside),
        ("VPCOptions: {SubnetIds: [!Ref A]}", &inside),
        ("VPCOptions: {SubnetIds: !Ref Subnets}", &inside),
        ("VPCOptions: !If [Apart, {SubnetIds: [!Ref A]}, {SubnetIds: [!Ref B]}]", &inside),
        ("VPCOptions: !If [Apart, {SubnetIds: [!Ref A]}, !Ref AWS::NoValue]", &perhaps),
    ] {
        assert_eq!(open("t.yaml", &template(options)), *expected, "{options}");
        assert_eq!(lint("t.yaml", &template(options)).is_empty(), *expected != outside, "{options}");
    }
    let json = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"es:ESHttpGet","Resource":"*"}]}"#;
    let module = |options: &str, rest: &str| {
        format!("resource \"aws_opensearch_domain\" \"d\" {{\n  domain_name = \"d\"\n{options}\n{rest}\n}}\n",)
    };
    let own = format!("  access_policies = <<EOF\n{json}\nEOF");
    let document = "  access_policies = data.aws_iam_policy_document.d.json\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  \
                    statement {\n    actions = [\"es:ESHttpGet\"]\n    resources = [\"*\"]\n    principals {\n      type = \"*\"\n      \
                    identifiers = [\"*\"]\n    }\n  }";
    let apart = format!(
        "}}\nresource \"aws_opensearch_domain_policy\" \"d\" {{\n  domain_name = aws_opensearch_domain.d.domain_name\n{own}"
    );
    for rest in [&*own, document, &apart] {
        for (options, expected) in [
            ("", &outside),
            ("  advanced_security_options {\n    enabled = true\n  }", &Vec::new()),
            ("  advanced_security_options {\n    enabled = false\n  }", &outside),
            ("  vpc_options {\n    subnet_ids = var.subnets\n  }", &inside),
            ("  dynamic \"vpc_options\" {\n    for_each = var.subnets\n    content {}\n  }", &perhaps),
        ] {
            assert_eq!(open("main.tf", &module(options, rest)), *expected, "{options} {rest}");
        }
    }
    let string = json.replace('"', "\\\"");
    let output = |options: &str| {
        format!(
            r#"{{"DomainStatus": {{"ARN": "arn:aws:es:eu-west-1:111122223333:domain/d", "AccessPolicies": "{string}"{options}}}}}"#
        )
    };
    assert_eq!(open("domain.json", &output("")), outside);
    assert_eq!(open("domain.json", &output(r#", "VPCOptions": {}"#)), outside);
    assert_eq!(
        open("domain.json", &output(r#", "VPCOptions": {"VPCId": "vpc-1", "SubnetIds": ["subnet-1"]}"#)),
        inside
    );
    let plan = |options: &str| {
        format!(
            r#"{{"format_version": "1.2", "planned_values": {{"root_module": {{"resources": [{{"type": "aws_elasticsearch_domain",
            "values": {{"access_policies": "{string}", "vpc_options": {options}}}}}]}}}}}}"#
        )
    };
    assert_eq!(open("plan.json", &plan("[]")), outside);
    assert_eq!(open("plan.json", &plan(r#"[{"subnet_ids": ["subnet-1"]}]"#)), inside);
}
