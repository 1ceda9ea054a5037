//! AWS's own policies, attached in every way that files have.

use crate::lint::{lint, underlined};

#[test]
fn attached_administrators_are_found() {
    for (arn, expected) in [
        ("arn:aws:iam::aws:policy/AdministratorAccess", true),
        ("arn:aws-cn:iam::aws:policy/AdministratorAccess", true),
        ("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", false),
        ("arn:aws:iam::aws:policy/AdministratorAccess-Amplify", false),
        ("arn:aws:iam::111122223333:policy/AdministratorAccess", false),
    ] {
        let text = format!(r#"{{"AttachedPolicies": [{{"PolicyName": "x", "PolicyArn": "{arn}"}}]}}"#);
        let found =
            lint("attached.json", &text).iter().filter(|finding| finding.rule.0 == "administrator-access").count();
        assert_eq!(found, usize::from(expected), "{arn}");
    }
}

#[test]
fn what_aws_wrote_is_as_wide_attached_as_it_is_written_out() {
    for (policy, told) in [
        ("AmazonS3FullAccess", Some("wide-managed-policy")),
        ("AmazonS3ReadOnlyAccess", None),
        ("service-role/AWSLambdaBasicExecutionRole", None),
        ("service-role/AmazonMWAAServiceRolePolicy", None),
        ("service-role/AmazonEC2RoleforSSM", Some("superseded-managed-policy")),
        ("AmazonSSMManagedInstanceCore", None),
        ("service-role/AmazonElasticMapReduceRole", Some("superseded-managed-policy")),
        ("service-role/AmazonElasticMapReduceforEC2Role", Some("superseded-managed-policy")),
        ("service-role/AmazonEMRServicePolicy_v2", None),
        ("AmazonElasticMapReduceReadOnlyAccess", Some("superseded-managed-policy")),
        ("AmazonEMRReadOnlyAccessPolicy_v2", None),
        ("AmazonElasticMapReduceFullAccess", Some("wide-managed-policy")),
        ("CloudWatchLogsReadOnlyAccess", None),
        ("AdministratorAccess", Some("administrator-access")),
        ("IAMFullAccess", Some("privileged-managed-policy")),
    ] {
        let arn = format!("arn:aws:iam::aws:policy/{policy}");
        let module = format!(
            "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = \"r\"\n  policy_arn = \"{arn}\"\n}}\n"
        );
        let rules = |path, text: &str| {
            let found = lint(path, text).into_iter().map(|finding| finding.rule.0);
            found.filter(|rule| *rule != "user-policy").collect::<Vec<_>>()
        };
        assert_eq!(rules("main.tf", &module), Vec::from_iter(told), "{policy}");
        let command = format!("aws iam attach-role-policy --role-name r --policy-arn {arn}\n");
        assert_eq!(rules("attach.sh", &command), Vec::from_iter(told), "{policy}");
    }
}

/// The underlined texts of findings on the administrator in a module of Terraform.
fn administrators(module: &str) -> Vec<String> {
    let found = lint("main.tf", module);
    let administrators = found.iter().filter(|finding| finding.rule.0 == "administrator-access");
    administrators.map(|finding| underlined(finding, module).to_owned()).collect()
}

#[test]
fn data_sources_name_what_is_attached() {
    let attached = |data: &str, policy: &str| {
        administrators(&format!(
            "data \"aws_iam_policy\" \"a\" {{\n  {data}\n}}\nresource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = \"r\"\n  policy_arn = {policy}\n}}\n"
        ))
    };
    let name = "name = \"AdministratorAccess\"";
    let arn = "arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"";
    for data in [name, arn] {
        assert_eq!(attached(data, "data.aws_iam_policy.a.arn").len(), 1, "{data}");
    }
    assert_eq!(attached("name = \"ReadOnlyAccess\"", "data.aws_iam_policy.a.arn"), [""; 0]);
    // What is only looked up is attached to nobody.
    assert_eq!(attached(name, "aws_iam_policy.own.arn"), [""; 0]);
}

#[test]
fn modules_attach_what_their_arguments_name() {
    let arn = "\"arn:aws:iam::aws:policy/AdministratorAccess\"";
    for (submodule, argument) in [
        ("iam-assumable-role", format!("custom_role_policy_arns = [{arn}]")),
        ("iam-assumable-role-with-oidc", format!("role_policy_arns = [{arn}]")),
        ("iam-role", format!("policies = {{ admin = {arn} }}")),
        ("iam-github-oidc-role", format!("policies = {{ admin = {arn} }}")),
        ("iam-group-with-policies", format!("custom_group_policy_arns = [{arn}]")),
        ("iam-user", format!("policy_arns = [{arn}]")),
        ("iam-role-for-service-accounts-eks", format!("role_policy_arns = {{ admin = {arn} }}")),
    ] {
        let module = format!(
            "module \"m\" {{\n  source = \"terraform-aws-modules/iam/aws//modules/{submodule}\"\n  {argument}\n}}\n"
        );
        assert_eq!(administrators(&module).len(), 1, "{submodule} {argument}");
    }
    let kept = |argument: &str| {
        let module = format!("module \"m\" {{\n  source = \"./role\"\n  {argument} = [{arn}]\n}}\n");
        administrators(&module)
    };
    assert_eq!(kept("policy_arns").len(), 1);
    for limit in ["role_permissions_boundary_policy_arns", "allowed_policies", "denied_policy_arns"] {
        assert_eq!(kept(limit), [""; 0], "{limit}");
    }
}
