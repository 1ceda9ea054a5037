//! Every form in which JSON carries a policy: what the CLI prints, strings in JSON, strings in strings, URL-encoding. Each
//! table row asserts the text that is underlined in the file.

use crate::lint::{lint, lint_with, run_with, told};
use whit::extract::{Fact, facts};
use whit::policy::PolicyKind;
use whit::settings::Settings;
use whit::source::{FileId, RelPath, SourceFile};

const ADMIN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn percent(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[test]
fn a_document_is_found_in_every_form() {
    for (form, text, underlined) in [
        ("bare", ADMIN.to_owned(), r#""*""#),
        ("under a key", format!(r#"{{"a":[{{"PolicyDocument":{ADMIN}}}]}}"#), r#""*""#),
        (
            "get-policy-version",
            format!(r#"{{"PolicyVersion":{{"Document":{ADMIN},"VersionId":"v1","IsDefaultVersion":true}}}}"#),
            r#""*""#,
        ),
        ("in a string", format!(r#"{{"Policy":"{}"}}"#, escaped(ADMIN)), r#"\"*\""#),
        (
            "in a string in a string",
            format!(r#"{{"a":"{}"}}"#, escaped(&format!(r#"{{"Policy":"{}"}}"#, escaped(ADMIN)))),
            r#"\\\"*\\\""#,
        ),
        ("URL-encoded", format!(r#"{{"PolicyDocument":"{}"}}"#, percent(ADMIN)), "%22%2A%22"),
        ("escaped star", ADMIN.replace("\"Action\":\"*\"", "\"Action\":\"\\u002a\""), r#""\u002a""#),
        ("one statement, no list", ADMIN.replace(['[', ']'], ""), r#""*""#),
        ("one of a list", ADMIN.replace("\"Action\":\"*\"", "\"Action\":[\"s3:GetObject\",\"*\"]"), r#""*""#),
        ("non-ASCII before it", ADMIN.replace("{\"Version\"", "{\"Id\":\"\u{1F512}é\",\"Version\""), r#""*""#),
        ("CRLF and tabs", ADMIN.replace(',', ",\r\n\t"), r#""*""#),
    ] {
        let findings = lint("a.json", &text);
        assert_eq!(told(&findings, &text), [("administrator-access", underlined)], "{form}: {text}");
        let first = text.find(underlined).unwrap_or(usize::MAX);
        assert_eq!(findings[0].primary.region.byte as usize, first, "{form}: the action stands first");
    }
}

#[test]
fn a_byte_order_mark_and_utf16_change_nothing() {
    let mut utf8 = vec![0xEF, 0xBB, 0xBF];
    utf8.extend(ADMIN.bytes());
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(ADMIN.encode_utf16().flat_map(u16::to_le_bytes));
    let at = ADMIN.find("\"*\"").unwrap_or(0);
    for (bytes, byte, len) in [(utf8, at + 3, 3), (utf16, 2 * at + 2, 6)] {
        let findings = lint_with("a.json", &bytes, &Settings::default());
        let [finding] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!(finding.rule.0, "administrator-access");
        assert_eq!((finding.primary.region.byte, finding.primary.region.byte_len), (byte as u64, len));
    }
}

#[test]
fn only_the_version_in_force_is_judged() {
    let version = |id: &str, default: bool, document: &str| {
        format!(r#"{{"Document":{document},"VersionId":"{id}","IsDefaultVersion":{default}}}"#)
    };
    let narrow = ADMIN
        .replace("\"Action\":\"*\"", "\"Action\":\"s3:GetObject\"")
        .replace("\"Resource\":\"*\"", "\"Resource\":\"arn:aws:s3:::b/*\"");
    let list = |versions: &[String]| {
        format!(
            r#"{{"Policies":[{{"PolicyName":"p","Arn":"arn:aws:iam::111122223333:policy/p","PolicyVersionList":[{}]}}]}}"#,
            versions.join(",")
        )
    };
    let old_admin = list(&[version("v2", true, &narrow), version("v1", false, ADMIN)]);
    assert_eq!(told(&lint("gaad.json", &old_admin), &old_admin), []);
    let new_admin = list(&[version("v2", true, ADMIN), version("v1", false, &narrow)]);
    assert_eq!(told(&lint("gaad.json", &new_admin), &new_admin), [("administrator-access", "\"*\"")]);
}

#[test]
fn what_aws_manages_is_judged_where_it_is_attached() {
    let text = format!(
        r#"{{"UserDetailList":[{{"UserName":"ann","Arn":"arn:aws:iam::111122223333:user/ann",
        "AttachedManagedPolicies":[{{"PolicyName":"AdministratorAccess","PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}}]}}],
        "Policies":[{{"PolicyName":"AdministratorAccess","Arn":"arn:aws:iam::aws:policy/AdministratorAccess",
        "PolicyVersionList":[{{"Document":{ADMIN},"VersionId":"v1","IsDefaultVersion":true}}]}}],
        "RoleDetailList":[{{"Path":"/aws-service-role/x.amazonaws.com/","RoleName":"AWSServiceRoleForX",
        "AssumeRolePolicyDocument":{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole"}}}}}}]}}"#
    );
    let rules: Vec<_> = told(&lint("gaad.json", &text), &text);
    assert!(rules.contains(&("administrator-access", r#""arn:aws:iam::aws:policy/AdministratorAccess""#)), "{rules:?}");
    assert!(rules.iter().all(|(rule, text)| *rule != "administrator-access" || text.contains("policy/")), "{rules:?}");
    assert!(
        rules.iter().all(|(rule, _)| *rule != "root-principal"),
        "a service-linked role's trust is AWS's own: {rules:?}"
    );
}

#[test]
fn what_is_no_policy_is_left_alone() {
    for text in [
        r#"{"Statement": {"ByteMatchStatement": {"SearchString": "x"}}}"#,
        r#"{"properties": {"Statement": {"type": "array", "items": {"Effect": "Allow"}}}}"#,
        r#"{"Statement": "pay at once", "Action": "*"}"#,
        r#"[1, "Statement", null]"#,
    ] {
        let run = run_with("a.json", text.as_bytes(), &Settings { pedantic: true, ..Settings::default() });
        assert_eq!((run.policies, run.findings.len(), run.skipped.len()), (0, 0, 0), "{text}: {run:?}");
    }
}

#[test]
fn broken_policies_are_findings_and_the_rest_is_still_read() {
    let text = ADMIN.replace("\"Action\":\"*\",", "\"Action\":\"*\" ");
    let run = run_with("a.json", text.as_bytes(), &Settings::default());
    let rules: Vec<&str> = run.findings.iter().map(|finding| finding.rule.0).collect();
    assert!(rules.contains(&"invalid-json") && rules.contains(&"administrator-access"), "{rules:?}");
    assert!(run.skipped.iter().any(|skipped| skipped.error), "a broken file ends the run in 2");
}

#[test]
fn a_deny_in_another_policy_of_the_user_counts() {
    let allow =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*"}]}"#;
    let force = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:ListMFADevices","sts:GetSessionToken"],"Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}"#;
    let force_arn = "arn:aws:iam::111122223333:policy/ForceMFA";
    let attached = format!(r#"[{{"PolicyName":"ForceMFA","PolicyArn":"{force_arn}"}}]"#);
    let gaad = |groups_of_ann: &str, to_group: &str| {
        format!(
            r#"{{"UserDetailList":[{{"UserName":"ann","GroupList":{groups_of_ann},
            "UserPolicyList":[{{"PolicyName":"p","PolicyDocument":{allow}}}],"AttachedManagedPolicies":[]}}],
            "GroupDetailList":[{{"GroupName":"people","AttachedManagedPolicies":{to_group}}}],
            "Policies":[{{"PolicyName":"ForceMFA","Arn":"{force_arn}",
            "PolicyVersionList":[{{"Document":{force},"VersionId":"v1","IsDefaultVersion":true}}]}}]}}"#
        )
    };
    let open = [("sensitive-access-without-mfa", "\"iam:AttachUserPolicy\"")];
    for (groups, to_group, expected) in [
        (r#"["people"]"#, &*attached, &[][..]),
        (r#"["people"]"#, "[]", &open[..]),
        (r#"["others"]"#, &*attached, &open[..]),
    ] {
        let text = gaad(groups, to_group);
        let findings = lint("gaad.json", &text);
        // That the user can raise their own rights is another matter: MFA does not change it.
        let of_mfa: Vec<_> = findings.into_iter().filter(|it| it.rule.0 != "privilege-escalation").collect();
        assert_eq!(told(&of_mfa, &text), expected, "{groups} {to_group}");
    }
}

#[test]
fn a_plan_tells_each_policy_once() {
    let policy =
        r#"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"#;
    let resource = |kind: &str, key: &str| format!(r#"{{"type":"{kind}","name":"p","values":{{"{key}":"{policy}"}}}}"#);
    let plan = |kind: &str, key: &str| {
        let resource = resource(kind, key);
        format!(
            r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{"resources":[{resource}]}}}},"resource_changes":[{{"change":{{"after":{resource},"before":{resource}}}}}],"prior_state":{resource}}}"#
        )
    };
    let rules =
        |text: &str| crate::lint::lint("plan.json", text).iter().map(|finding| finding.rule.0).collect::<Vec<_>>();
    assert_eq!(rules(&plan("aws_iam_policy", "policy")), ["service-wildcard"]);
    assert_eq!(rules(&plan("aws_organizations_policy", "content")), [] as [&str; 0], "it only leaves room");
}

#[test]
fn administrators_are_found_wherever_policies_are_attached() {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (path, text, found) in [
        ("sam.yaml", "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: [AdministratorAccess]\n".to_owned(), "AdministratorAccess"),
        ("cluster.yaml", format!("kind: ClusterConfig\niam:\n  serviceAccounts:\n  - attachPolicyARNs: [\"{admin}\"]\n"), "\"arn:aws:iam::aws:policy/AdministratorAccess\""),
        ("serverless.yml", format!("provider:\n  iam:\n    role:\n      managedPolicies:\n        - {admin}\n"), admin),
        ("set.yaml", format!("Resources:\n  S:\n    Type: AWS::SSO::PermissionSet\n    Properties:\n      ManagedPolicies: ['{admin}']\n"), "'arn:aws:iam::aws:policy/AdministratorAccess'"),
        ("iam-config.yaml", "roleSets:\n  - roles:\n      - name: Admin\n        policies:\n          awsManaged:\n            - AdministratorAccess\n".to_owned(), "AdministratorAccess"),
        ("deploy.sh", format!("aws iam attach-user-policy --user-name ann \\\n  --policy-arn \"{admin}\"\n"), admin),
    ] {
        let findings = crate::lint::lint(path, &text);
        assert_eq!(crate::lint::told(&findings, &text), [("administrator-access", found)], "{path}");
    }
    let detached = format!("aws iam detach-user-policy --user-name ann --policy-arn {admin}\n");
    assert!(crate::lint::lint("undo.sh", &detached).is_empty());
}

#[test]
fn scripts_in_pipelines_are_read() {
    let text = "jobs:\n  x:\n    steps:\n      - run: |\n          aws iam put-role-policy --role-name r --policy-document \
                '{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}'\n          cat > p.json <<EOF\n          \
                {\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}\n          EOF\n";
    let found = [("service-wildcard", "\"s3:*\""), ("iam-wildcard", "\"iam:*\"")];
    assert_eq!(crate::lint::told(&crate::lint::lint(".github/workflows/x.yml", text), text), found);
}

#[test]
fn what_two_aliases_name_is_told_once() {
    let text = "x: &p\n  Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]\nResources:\n  A: {Type: AWS::IAM::ManagedPolicy, \
                Properties: {PolicyDocument: *p}}\n  B: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: *p}}\n";
    assert_eq!(crate::lint::told(&crate::lint::lint("t.yaml", text), text), [("service-wildcard", "'s3:*'")]);
}

#[test]
fn the_files_of_templatefile_are_read() {
    let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\n    \"Effect\": \"Allow\",\n    \"Action\": \"s3:*\",\n    \"Resource\": \
                \"arn:aws:s3:::${bucket}/*\"\n  }, {\n    \"Effect\": \"Allow\",\n    \"Action\": \"ec2:*\",\n    \"Resource\": ${jsonencode(arns)}\n  }]\n}\n";
    for path in ["policy.json.tpl", "policy.tftpl"] {
        let found = [("service-wildcard", "\"s3:*\""), ("service-wildcard", "\"ec2:*\"")];
        let mut findings = crate::lint::lint_pedantic(path, text);
        findings.retain(|finding| finding.rule.0 == "service-wildcard");
        assert_eq!(crate::lint::told(&findings, text), found, "{path}");
    }
}

#[test]
fn documents_stand_in_heredocs_of_every_spelling() {
    let document = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    for begin in ["<<EOF", "<<'EOF'", "<<\"EOF\"", "<<-\"EOF\"", "<< \"EOF\"", "<<\\EOF", "<<\"END OF POLICY\""] {
        let text = format!("cat > doc.json {begin}\n{document}\nEOF\n");
        let file = SourceFile::new(FileId(0), RelPath::new("setup.sh"), text.as_bytes().into());
        let policies = facts(&file).facts.iter().filter(|fact| matches!(fact, Fact::Policy(_))).count();
        assert_eq!(policies, 1, "{text}");
    }
}

#[test]
fn commands_say_what_their_documents_are() {
    let document = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    let in_file = |command: &str| format!("cat > doc.json <<'EOF'\n{document}\nEOF\naws {command} file://doc.json\n");
    let inline = |command: &str| format!("aws {command} '{document}'\n");
    for (command, expected) in [
        ("iam put-role-policy --role-name r --policy-name p --policy-document", (PolicyKind::Identity, Some("r"))),
        (
            "iam put-user-policy --user-name u \\\n  --policy-name p --policy-document",
            (PolicyKind::Identity, Some("u")),
        ),
        ("iam create-policy --policy-name p --policy-document", (PolicyKind::Identity, None)),
        ("iam create-role --role-name r --assume-role-policy-document", (PolicyKind::Trust, Some("r"))),
        ("iam update-assume-role-policy --role-name r --policy-document", (PolicyKind::Trust, Some("r"))),
        ("s3api put-bucket-policy --bucket b --policy", (PolicyKind::Resource(Some("s3".into())), None)),
        ("kms put-key-policy --key-id k --policy", (PolicyKind::Resource(Some("kms".into())), None)),
    ] {
        for text in [in_file(command), inline(command)] {
            let file = SourceFile::new(FileId(0), RelPath::new("setup.sh"), text.as_bytes().into());
            let facts = facts(&file).facts;
            let uses: Vec<_> = facts
                .iter()
                .filter_map(|fact| match fact {
                    Fact::Policy(site) => Some(site.uses.clone()),
                    _ => None,
                })
                .flatten()
                .map(|used| (used.kind, used.holder.map(|holder| holder.name)))
                .collect();
            assert_eq!(uses, [(expected.0.clone(), expected.1.map(Box::from))], "{text}");
        }
    }
}

/// Each is a way in which people attach `AdministratorAccess`, by a list or by one name, written out or chosen.
#[test]
fn an_attachment_is_found_in_every_way_to_write_it() {
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let role = |arns: &str| {
        format!("Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: {arns}\n")
    };
    for (path, text, found) in [
        ("t.yaml", role(&format!("[!If [P, !Ref 'AWS::NoValue', '{admin}']]")), 1),
        ("t.yaml", role(&format!("!If [P, [], ['{admin}']]")), 1),
        ("t.yaml", "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: AdministratorAccess\n".to_owned(), 1),
        ("t.yaml", "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: [AdministratorAccess, S3CrudPolicy]\n".to_owned(), 1),
        ("play.yml", "- amazon.aws.iam_role:\n    name: x\n    managed_policies: [AdministratorAccess]\n".to_owned(), 1),
        ("x.yaml", format!("kind: RolePolicyAttachment\nspec:\n  forProvider:\n    policyArn: {admin}\n"), 1),
        ("ci.yml", format!("steps:\n  - run: aws iam attach-role-policy --role-name r --policy-arn {admin}\n"), 1),
        (
            "plan.json",
            format!(r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{"resources":[{{"type":"aws_iam_role_policy_attachment","values":{{"role":"r","policy_arn":"{admin}"}}}}]}}}}}}"#),
            1,
        ),
        ("s.sh", format!("# aws iam attach-role-policy --role-name r --policy-arn {admin}\necho aws iam attach-role-policy --role-name r --policy-arn {admin}\n"), 0),
    ] {
        let rules: Vec<&str> = lint(path, &text).iter().map(|finding| finding.rule.0).collect();
        assert_eq!(rules, vec!["administrator-access"; found], "{text}");
    }
}

#[test]
fn what_only_bounds_grants_nothing() {
    let document = "PolicyDocument: {Version: '2012-10-17', Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}";
    let template = |key: &str| {
        format!(
            "Resources:\n  B:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      {document}\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      {key}\n"
        )
    };
    let rules = |path: &str, text: &str| lint(path, text).iter().map(|finding| finding.rule.0).collect::<Vec<_>>();
    assert_eq!(rules("t.yaml", &template("PermissionsBoundary: !Ref B")), [] as [&str; 0]);
    assert_eq!(rules("t.yaml", &template("ManagedPolicyArns: [!Ref B]")), ["service-wildcard"]);
    assert_eq!(
        rules("t.yaml", &template("PermissionsBoundary: !Ref B\n      ManagedPolicyArns: [!Ref B]")),
        ["service-wildcard"]
    );
    let module = |argument: &str| {
        format!(
            "resource \"aws_iam_policy\" \"b\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }}] }})\n}}\nresource \"aws_iam_role\" \"r\" {{\n  {argument} = aws_iam_policy.b.arn\n}}\n"
        )
    };
    assert_eq!(rules("main.tf", &module("permissions_boundary")), [] as [&str; 0]);
    assert_eq!(rules("main.tf", &module("description")), ["service-wildcard"]);
}

#[test]
fn what_another_program_fills_in_is_no_flaw() {
    for text in [
        "Version: '2012-10-17'\nStatement: ['${file(x.yml):s}']\n",
        "Version: '2012-10-17'\nStatement: '{{ statements }}'\n",
        "Version: '2012-10-17'\nStatement: [{Effect: \"${self:custom.e, 'Allow'}\", Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]\n",
        "Version: '2012-10-17'\nStatement: [{Effect: '{{ effect }}', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}]\n",
    ] {
        assert_eq!(told(&lint("serverless.yml", text), text), [], "{text}");
    }
}

#[test]
fn a_file_may_hold_nothing_but_statements() {
    let statements = r#"[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]"#;
    let rules = |text: &str| lint("statements.json", text).iter().map(|finding| finding.rule.0).collect::<Vec<_>>();
    assert_eq!(rules(statements), ["administrator-access"]);
    // Each has what every statement has.
    assert_eq!(rules(&statements.replace("\"Effect\": \"Deny\"", "\"Effect\": \"None\"")), [""; 0]);
    assert_eq!(rules(r#"[{"Effect": "Allow", "Action": "*"}]"#), [""; 0]);
    assert_eq!(rules("[]"), [""; 0]);
}

#[test]
fn a_session_policy_in_a_workflow_grants_nothing() {
    let step = |input: &str| {
        format!(
            "jobs:\n  deploy:\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          {input}: >-\n            {ADMIN}\n"
        )
    };
    let kind = |text: &str| {
        let file = SourceFile::new(FileId(0), RelPath::new(".github/workflows/deploy.yml"), text.as_bytes().into());
        facts(&file).facts.into_iter().find_map(|fact| match fact {
            Fact::Policy(site) => Some(site.uses[0].kind.clone()),
            _ => None,
        })
    };
    let session = step("inline-session-policy");
    assert_eq!((kind(&session), told(&lint("w.yml", &session), &session)), (Some(PolicyKind::Session), vec![]));
    let other = step("policy");
    assert_eq!(told(&lint("w.yml", &other), &other), [("administrator-access", "\"*\"")]);
}
