//! Trust policies as AWS and the identity providers document them give no finding of the default run. What lies one step
//! from them is in `bad_trust`.

use crate::lint::{lint, told};

pub(crate) const ASSUME: &str = "sts:AssumeRole";
const WEB: &str = "sts:AssumeRoleWithWebIdentity";
pub(crate) const SAML: &str = "sts:AssumeRoleWithSAML";
pub(crate) const EKS: &str = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
pub(crate) const CIRCLE: &str = "oidc.circleci.com/org/11111111-2222-3333-4444-555555555555";
pub(crate) const BITBUCKET: &str = "api.bitbucket.org/2.0/workspaces/example/pipelines-config/identity/oidc";
pub(crate) const COGNITO: &str = "cognito-identity.amazonaws.com";
pub(crate) const POOL: &str = "eu-central-1:11111111-2222-3333-4444-555555555555";

pub(crate) fn trust(principal: &str, actions: &[&str], condition: &str) -> String {
    let actions: Vec<String> = actions.iter().map(|action| format!("\"{action}\"")).collect();
    let condition = match condition {
        "" => String::new(),
        condition => format!(r#", "Condition": {{{condition}}}"#),
    };
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {principal},
        "Action": [{}]{condition}}}]}}"#,
        actions.join(", ")
    )
}

/// A trust in a provider of the account. `@` in the condition is the provider's name.
pub(crate) fn oidc(provider: &str, condition: &str) -> String {
    let principal = format!(r#"{{"Federated": "arn:aws:iam::111122223333:oidc-provider/{provider}"}}"#);
    trust(&principal, &[WEB], &condition.replace('@', provider))
}

/// A trust in one of the providers that need none in the account.
pub(crate) fn domain(provider: &str, condition: &str) -> String {
    trust(&format!(r#"{{"Federated": "{provider}"}}"#), &[WEB], &condition.replace('@', provider))
}

fn aws(principal: &str, condition: &str) -> String {
    trust(&format!(r#"{{"AWS": "{principal}"}}"#), &[ASSUME], condition)
}

pub(crate) fn service(name: &str, condition: &str) -> String {
    trust(&format!(r#"{{"Service": "{name}"}}"#), &[ASSUME], condition)
}

pub(crate) fn anywhere(condition: &str) -> String {
    let actions = [ASSUME, "sts:SetSourceIdentity", "sts:TagSession"];
    trust(r#"{"Service": "rolesanywhere.amazonaws.com"}"#, &actions, condition)
}

pub(crate) fn saml(partition: &str, actions: &[&str], condition: &str) -> String {
    let principal = format!(r#"{{"Federated": "arn:{partition}:iam::111122223333:saml-provider/example"}}"#);
    trust(&principal, actions, condition)
}

pub(crate) const GITHUB: &str = "token.actions.githubusercontent.com";

fn good_providers() -> Vec<String> {
    let aud = r#""StringEquals": {"@:aud": "sts.amazonaws.com"}, "#;
    vec![
        oidc(
            GITHUB,
            r#""StringEquals": {"@:aud": "sts.amazonaws.com", "@:sub": "repo:example/reports:ref:refs/heads/main"}"#,
        ),
        oidc(GITHUB, r#""StringEquals": {"@:sub": "repo:example/reports:environment:production"}"#),
        oidc(GITHUB, &format!(r#"{aud}"StringLike": {{"@:sub": "repo:example/reports:*"}}"#)),
        oidc(GITHUB, r#""StringEquals": {"@:sub": ["repo:example/a:pull_request", "repo:example/b:pull_request"]}"#),
        oidc(GITHUB, r#""StringLike": {"@:sub": "repo:example/reports:ref:refs/tags/v*"}"#),
        // Subjects of which the owner has chosen the claims, and subjects with numbers that are not used again.
        oidc(GITHUB, r#""StringEquals": {"@:sub": "repository_owner_id:123456:environment:production"}"#),
        oidc(GITHUB, r#""StringEquals": {"@:sub": "environment:production:repository_owner:example"}"#),
        oidc(GITHUB, r#""StringEquals": {"@:sub": "repo:example@123456/reports@456789:ref:refs/heads/main"}"#),
        oidc(
            "ghe.example.com/_services/token",
            r#""StringEquals": {"@:sub": "repo:example/reports:ref:refs/heads/main"}"#,
        ),
        oidc("gitlab.com", r#""StringEquals": {"@:sub": "project_path:example/reports:ref_type:branch:ref:main"}"#),
        oidc("gitlab.com", r#""StringLike": {"@:sub": "project_path:example/team/reports:ref_type:tag:ref:v*"}"#),
        oidc(
            "gitlab.example.com",
            r#""StringEquals": {"@:aud": "https://gitlab.example.com", "@:sub": "project_path:example/reports:ref_type:branch:ref:main"}"#,
        ),
        oidc(BITBUCKET, r#""StringLike": {"@:sub": "{11111111-2222-3333-4444-555555555555}:*"}"#),
        oidc(
            BITBUCKET,
            r#""StringEquals": {"@:aud": "ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555"},
            "StringLike": {"@:sub": "{11111111-2222-3333-4444-555555555555}:{22222222-3333-4444-5555-666666666666}:*"}"#,
        ),
        oidc(CIRCLE, r#""StringLike": {"@:sub": "org/11111111-2222-3333-4444-555555555555/project/22222222/user/*"}"#),
        oidc(
            "agent.buildkite.com",
            r#""StringEquals": {"@:aud": "sts.amazonaws.com"},
            "StringLike": {"@:sub": "organization:example:pipeline:reports:ref:refs/heads/main:commit:*:step:deploy"}"#,
        ),
        oidc("agent.buildkite.com", r#""StringLike": {"@:sub": "organization:example:pipeline:reports:*"}"#),
        oidc(
            "app.terraform.io",
            r#""StringEquals": {"@:aud": "aws.workload.identity"},
            "StringLike": {"@:sub": "organization:example:project:reports:workspace:production:run_phase:*"}"#,
        ),
        oidc("oidc.codefresh.io", r#""StringLike": {"@:sub": "account:5f30ebd3:pipeline:64de5cd4:*"}"#),
        oidc("oidc.vercel.com", r#""StringEquals": {"@:aud": "https://vercel.com/example"}"#),
        oidc("api.pulumi.com/oidc", r#""StringEquals": {"@:aud": "example"}"#),
        oidc(
            EKS,
            r#""StringEquals": {"@:aud": "sts.amazonaws.com", "@:sub": "system:serviceaccount:kube-system:aws-node"}"#,
        ),
        oidc(EKS, r#""StringLike": {"@:sub": "system:serviceaccount:reports:reader-*"}"#),
        oidc("example.auth0.com", r#""StringEquals": {"@:aud": "exampleclient"}"#),
        oidc("example.okta.com/oauth2/default", r#""StringEquals": {"@:sub": "0oa1example2client3id"}"#),
        domain("accounts.google.com", r#""StringEquals": {"@:aud": "66677788899900pro0.apps.example.com"}"#),
        domain("accounts.google.com", r#""StringEquals": {"@:sub": "102030405060708090000"}"#),
        domain("www.amazon.com", r#""StringEquals": {"@:app_id": "amzn1.application-oa2-123456"}"#),
        domain("graph.facebook.com", r#""StringEquals": {"@:app_id": "111222333444555"}"#),
        domain(
            COGNITO,
            &format!(
                r#""StringEquals": {{"@:aud": "{POOL}"}}, "ForAnyValue:StringLike": {{"@:amr": "authenticated"}}"#
            ),
        ),
        domain(
            COGNITO,
            &format!(
                r#""StringEquals": {{"@:aud": "{POOL}"}}, "ForAnyValue:StringLike": {{"@:amr": "graph.facebook.com"}}"#
            ),
        ),
    ]
}

fn good_others() -> Vec<String> {
    let endpoint = |url: &str| format!(r#""StringEquals": {{"SAML:aud": "{url}"}}"#);
    let pods = [ASSUME, "sts:TagSession"];
    let mfa = r#""Bool": {"aws:MultiFactorAuthPresent": "true"}"#;
    vec![
        service("ec2.amazonaws.com", ""),
        service("lambda.amazonaws.com", ""),
        service("ecs-tasks.amazonaws.com", ""),
        service("codebuild.amazonaws.com", ""),
        service("ecs-tasks.amazonaws.com", r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#),
        service(
            "states.amazonaws.com",
            r#""ArnLike": {"aws:SourceArn": "arn:aws:states:eu-central-1:111122223333:stateMachine:*"},
            "StringEquals": {"aws:SourceAccount": "111122223333"}"#,
        ),
        service("scheduler.amazonaws.com", r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#),
        service(
            "bedrock.amazonaws.com",
            r#""StringEquals": {"aws:SourceAccount": "111122223333"},
            "ArnLike": {"aws:SourceArn": "arn:aws:bedrock:eu-central-1:111122223333:agent/*"}"#,
        ),
        service("pipes.amazonaws.com", r#""StringEquals": {"aws:SourceOrgID": "o-exampleorg1"}"#),
        trust(
            r#"{"Service": ["ec2.amazonaws.com", "ssm.amazonaws.com"]}"#,
            &[ASSUME],
            r#""StringEquals": {"aws:SourceAccount": "111122223333"}"#,
        ),
        trust(r#"{"Service": "pods.eks.amazonaws.com"}"#, &pods, ""),
        trust(
            r#"{"Service": "pods.eks.amazonaws.com"}"#,
            &pods,
            r#""StringEquals": {"aws:RequestTag/kubernetes-namespace": "reports", "aws:SourceAccount": "111122223333"}"#,
        ),
        aws("arn:aws:iam::111122223333:role/deployer", ""),
        aws("arn:aws:iam::444455556666:role/scanner", r#""StringEquals": {"sts:ExternalId": "example-1"}"#),
        aws("444455556666", r#""StringEquals": {"sts:ExternalId": "example-1"}"#),
        aws("arn:aws:iam::444455556666:root", r#""StringEquals": {"sts:ExternalId": "example-1"}"#),
        aws(
            "arn:aws:iam::444455556666:root",
            r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/build-*"}"#,
        ),
        aws("arn:aws:iam::111122223333:root", mfa),
        aws("arn:aws:iam::111122223333:user/ann", mfa),
        aws("arn:aws:iam::111122223333:user/ann", r#""NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}"#),
        aws(
            "*",
            r#""StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/scanner"}"#,
        ),
        aws(
            "*",
            r#""ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg1/r-ab12/ou-ab12-11111111/*"},
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/scanner"}"#,
        ),
        trust(
            r#"{"AWS": "arn:aws:iam::444455556666:role/build"}"#,
            &pods,
            r#""StringEquals": {"aws:RequestTag/team": "reports"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}"#,
        ),
        trust(
            r#"{"AWS": "arn:aws:iam::444455556666:role/build"}"#,
            &[ASSUME, "sts:SetSourceIdentity"],
            r#""StringLike": {"sts:SourceIdentity": "${aws:PrincipalTag/owner}"}"#,
        ),
        saml("aws", &[SAML], &endpoint("https://signin.aws.amazon.com/saml")),
        saml("aws", &[SAML, "sts:TagSession"], &endpoint("https://eu-central-1.signin.aws.amazon.com/saml")),
        saml("aws-cn", &[SAML], &endpoint("https://signin.amazonaws.cn/saml")),
        saml("aws-us-gov", &[SAML], &endpoint("https://signin.amazonaws-us-gov.com/saml")),
        saml("aws", &[SAML], r#""StringLike": {"SAML:aud": "https://*.signin.aws.amazon.com/saml"}"#),
        anywhere(r#""StringEquals": {"aws:PrincipalTag/x509Subject/CN": "reports.example.com"}"#),
        anywhere(r#""StringLike": {"aws:PrincipalTag/x509Issuer/CN": "Workloads *"}"#),
        anywhere(
            r#""ArnEquals": {"aws:SourceArn":
            "arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/11111111-2222-3333-4444-555555555555"}"#,
        ),
    ]
}

const YAML: [&str; 3] = [
    "Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: https://token.actions.githubusercontent.com
      ClientIdList: [sts.amazonaws.com]
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Federated: !Ref Provider}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                token.actions.githubusercontent.com:aud: sts.amazonaws.com
                token.actions.githubusercontent.com:sub: !Sub repo:${Owner}/${Repository}:ref:refs/heads/main
",
    "Resources:
  Machine:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Service: states.amazonaws.com}
            Action: sts:AssumeRole
            Condition:
              ArnLike: {'aws:SourceArn': !Sub 'arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*'}
",
    "Resources:
  Scanner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub 'arn:aws:iam::${Vendor}:root'}
            Action: sts:AssumeRole
            Condition:
              StringEquals: {'sts:ExternalId': !Ref ExternalId}
",
];

const HCL: [&str; 3] = [
    r#"
data "aws_iam_policy_document" "pod" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.cluster.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${replace(aws_iam_openid_connect_provider.cluster.url, "https://", "")}:sub"
      values   = ["system:serviceaccount:kube-system:aws-node"]
    }
  }
}
resource "aws_iam_role" "pod" {
  assume_role_policy = data.aws_iam_policy_document.pod.json
}
"#,
    r#"
resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:${var.repository}:*" }
      }
    }]
  })
}
"#,
    r#"
resource "aws_iam_role" "people" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_saml_provider.example.arn }
      Action    = "sts:AssumeRoleWithSAML"
      Condition = { StringEquals = { "SAML:aud" = "https://signin.aws.amazon.com/saml" } }
    }]
  })
}
"#,
];

#[test]
fn good_trust_policies_give_no_finding() {
    let json = good_providers().into_iter().chain(good_others()).map(|text| ("trust.json", text));
    let yaml = YAML.iter().map(|text| ("template.yaml", (*text).to_owned()));
    let hcl = HCL.iter().map(|text| ("main.tf", (*text).to_owned()));
    let all: Vec<(&str, String)> = json.chain(yaml).chain(hcl).collect();
    assert!(all.len() >= 60, "{}", all.len());
    let mut failures = Vec::new();
    for (path, text) in &all {
        let found = lint(path, text);
        if !found.is_empty() {
            failures.push(format!("{:?}\n{text}", told(&found, text)));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), all.len(), failures.join("\n"));
}
