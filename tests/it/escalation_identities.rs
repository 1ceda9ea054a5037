//! Ways to more rights that the policies of a user, a group, a role give together, by all that can give somebody a policy.

use crate::escalation_ends::told;

const PASSES: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]}"#;
const CREATES: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*"}]}"#;

/// One way is told, of this holder. Without the link between holder and policy there is none, nor is there with another action.
fn spread(path: &str, holder: &str, text: &str, link: &str, unlinked: &str) {
    assert_eq!(text.matches(link).count(), 1, "{link} in {text}");
    let (plain, _) = told(path, text);
    let begin =
        format!("the policies of {holder} together let the holder raise their own rights with `iam:PassRole` and");
    assert!(plain.len() == 1 && plain[0].message.starts_with(&begin), "{text}\n{plain:?}");
    for less in [text.replace(link, unlinked), text.replace("iam:PassRole", "iam:GetRole")] {
        let (_, all) = told(path, &less);
        assert!(all.is_empty(), "{less}\n{all:?}");
    }
}

fn block(kind: &str, name: &str, body: &str) -> String {
    format!("resource \"{kind}\" \"{name}\" {{\n{body}\n}}\n")
}

/// A policy in the way of a resource's argument.
fn policy(document: &str) -> String {
    format!("  policy = jsonencode({document})")
}

/// A user, a group or a role of a module.
fn identity(of: &str, label: &str) -> String {
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;
    let trust = if of == "role" { format!("  assume_role_policy = jsonencode({trust})") } else { String::new() };
    block(&format!("aws_iam_{of}"), label, &format!("  name = \"{label}\"\n{trust}"))
}

/// The same with two managed policies.
fn module(of: &str, label: &str) -> String {
    identity(of, label)
        + &block("aws_iam_policy", "a", &format!("  name = \"a\"\n{}", policy(PASSES)))
        + &block("aws_iam_policy", "b", &format!("  name = \"b\"\n{}", policy(CREATES)))
}

#[test]
fn what_a_module_attaches() {
    for of in ["user", "group", "role"] {
        let (text, label) = (module(of, "ci"), format!("aws_iam_{of}.ci"));
        let holder = if of == "role" { "role `aws_iam_role.ci`".to_owned() } else { format!("{of} `ci`") };
        let attach = |policy: &str, to: &str| {
            block(
                &format!("aws_iam_{of}_policy_attachment"),
                policy,
                &format!("  {of} = {to}\n  policy_arn = aws_iam_policy.{policy}.arn"),
            )
        };
        let named = format!("{label}.name");
        let one = text.clone() + &attach("a", &named);
        spread("main.tf", &holder, &(one.clone() + &attach("b", &named)), "aws_iam_policy.b.arn", "var.other");
        // Several get it, and the one that is asked about is not the first.
        let list = format!("  name = \"b\"\n  {of}s = [\"other\", {named}]\n  policy_arn = aws_iam_policy.b.arn");
        spread("main.tf", &holder, &(one + &block("aws_iam_policy_attachment", "b", &list)), "\"other\", ", "#");
        let list = format!("  {of}_name = {named}\n  policy_arns = [aws_iam_policy.a.arn, aws_iam_policy.b.arn]");
        let kind = format!("aws_iam_{of}_policy_attachments_exclusive");
        spread("main.tf", &holder, &(text.clone() + &block(&kind, "all", &list)), ", aws_iam_policy.b.arn", "");
        // By the name of the policy.
        let list = format!(
            "  {of}_name = {named}\n  policy_arns = [aws_iam_policy.a.arn, \"arn:aws:iam::${{local.account}}:policy/b\"]"
        );
        spread("main.tf", &holder, &(text + &block(&kind, "all", &list)), "policy/b", "policy/c");
        let inline = |name: &str, document: &str| {
            block(&format!("aws_iam_{of}_policy"), name, &format!("  {of} = {named}\n{}", policy(document)))
        };
        let two = module(of, "ci") + &inline("x", PASSES) + &attach("b", &named);
        spread("main.tf", &holder, &two, "aws_iam_policy.b.arn", "var.other");
    }
}

#[test]
fn groups_of_a_module() {
    let own = |of: &str, label: &str, document: &str| {
        let name = format!("aws_iam_{of}.{label}.name");
        block(&format!("aws_iam_{of}"), label, &format!("  name = \"{label}\""))
            + &block(&format!("aws_iam_{of}_policy"), label, &format!("  {of} = {name}\n{}", policy(document)))
    };
    let both = own("user", "ann", PASSES) + &own("group", "dev", CREATES);
    for (kind, list) in [
        ("aws_iam_user_group_membership", "  user = aws_iam_user.ann.name\n  groups = [aws_iam_group.dev.name]"),
        (
            "aws_iam_group_membership",
            "  name = \"m\"\n  group = aws_iam_group.dev.name\n  users = [aws_iam_user.ann.name]",
        ),
        ("aws_iam_group_membership", "  name = \"m\"\n  group = \"dev\"\n  users = [\"ann\"]"),
    ] {
        spread(
            "main.tf",
            "user `ann`",
            &(both.clone() + &block(kind, "m", list)),
            &format!("resource \"{kind}\""),
            "resource \"other\"",
        );
    }
    let two =
        block("aws_iam_user", "ann", "  name = \"ann\"") + &own("group", "ops", PASSES) + &own("group", "dev", CREATES);
    let list = "  user = aws_iam_user.ann.name\n  groups = [aws_iam_group.dev.name, aws_iam_group.ops.name]";
    spread(
        "main.tf",
        "user `ann`",
        &(two + &block("aws_iam_user_group_membership", "m", list)),
        ", aws_iam_group.ops.name",
        "",
    );
}

#[test]
fn documents_that_are_merged() {
    let data = |name: &str, arguments: &str, statement: &str, action: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"{name}\" {{\n{arguments}\n  statement {{\n{statement}\n    actions = [\"{action}\"]\n    resources = [\"*\"]\n  }}\n}}\n"
        )
    };
    let role = identity("role", "ci")
        + &block(
            "aws_iam_role_policy",
            "m",
            "  role = aws_iam_role.ci.name\n  policy = data.aws_iam_policy_document.m.json",
        );
    let a = data("a", "", "", "iam:PassRole");
    for merged in [
        "source_policy_documents = [data.aws_iam_policy_document.a.json]",
        "source_policy_documents = concat([data.aws_iam_policy_document.a.json], [])",
        "override_policy_documents = [data.aws_iam_policy_document.a.json]",
    ] {
        let text = format!("{role}{a}{}", data("m", merged, "", "lambda:CreateFunction"));
        spread("main.tf", "role `aws_iam_role.ci`", &text, &format!("{merged}\n"), "");
    }
    // What replaces a statement leaves nothing of it.
    let overrides = "override_policy_documents = [data.aws_iam_policy_document.o.json]";
    let text = |sid: &str| {
        let own = data("m", overrides, "sid = \"one\"", "iam:PassRole");
        let other = data("o", "", &format!("sid = \"{sid}\""), "lambda:CreateFunction");
        format!("{role}{own}{other}")
    };
    assert_eq!(told("main.tf", &text("two")).0.len(), 1);
    assert!(told("main.tf", &text("one")).1.is_empty());
}

#[test]
fn documents_of_a_policy_that_nobody_is_known_to_hold() {
    let data = |name: &str, arguments: &str, action: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"{name}\" {{\n{arguments}\n  statement {{\n    actions = [\"{action}\"]\n    resources = [\"*\"]\n  }}\n}}\n"
        )
    };
    let policy = block("aws_iam_policy", "m", "  policy = data.aws_iam_policy_document.m.json");
    let merged = "source_policy_documents = [data.aws_iam_policy_document.a.json]";
    let both = |merged: &str, action: &str| data("a", "", "iam:PassRole") + &data("m", merged, action);
    let found = |text: &str| told("main.tf", text).0.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>();
    let alone = policy.clone() + &both(merged, "lambda:CreateFunction");
    let whose = |found: &[String]| {
        found.iter().filter_map(|it| it.split(" together").next()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(whose(&found(&alone)), ["the documents of policy `aws_iam_policy.m`"], "{:?}", found(&alone));
    assert!(found(&(policy.clone() + &both("", "lambda:CreateFunction"))).is_empty(), "not merged");
    assert!(found(&(policy.clone() + &both(merged, "lambda:GetFunction"))).is_empty(), "another action");
    let boundary = block("aws_iam_user", "u", "  name = \"u\"\n  permissions_boundary = aws_iam_policy.m.arn");
    assert!(found(&(alone.clone() + &boundary)).is_empty(), "a boundary gives nothing");
    // Once, and as the holder's, who may have more.
    let attached = identity("role", "ci")
        + &block(
            "aws_iam_role_policy_attachment",
            "m",
            "  role = aws_iam_role.ci.name\n  policy_arn = aws_iam_policy.m.arn",
        );
    assert_eq!(whose(&found(&(alone + &attached))), ["the policies of role `aws_iam_role.ci`"]);
}

#[test]
fn documents_that_many_others_merge_are_gone_through_once() {
    const LAYERS: usize = 7;
    const EACH: usize = 16;
    let document = |layer: usize, at: usize| {
        let below = (0..EACH).filter(|_| layer + 1 < LAYERS);
        let below: Vec<String> =
            below.map(|at| format!("data.aws_iam_policy_document.d{}x{at}.json", layer + 1)).collect();
        format!(
            "data \"aws_iam_policy_document\" \"d{layer}x{at}\" {{\n  source_policy_documents = [{}]\n  statement {{\n    actions = \
             [\"s3:GetObject\"]\n    resources = [\"*\"]\n  }}\n}}\n",
            below.join(", ")
        )
    };
    let text = (0..LAYERS).flat_map(|layer| (0..EACH).map(move |at| document(layer, at))).collect::<String>()
        + &identity("role", "ci")
        + &block(
            "aws_iam_role_policy",
            "m",
            "  role = aws_iam_role.ci.name\n  policy = data.aws_iam_policy_document.d0x0.json",
        );
    let started = std::time::Instant::now();
    told("main.tf", &text);
    // By every way that leads to them there would be millions.
    assert!(started.elapsed().as_secs() < 4, "{:?}", started.elapsed());
}

/// A template of these resources, each by its name, type and properties.
fn template(head: &str, resources: &[(&str, &str, String)]) -> String {
    let resource = |(name, kind, properties): &(&str, &str, String)| {
        format!("  {name}:\n    Type: {kind}\n    Properties: {{{properties}}}\n")
    };
    format!("{head}Resources:\n{}", resources.iter().map(resource).collect::<String>())
}

#[test]
fn what_a_template_gives() {
    let trust = r#"AssumeRolePolicyDocument: {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;
    for of in ["User", "Group", "Role"] {
        let holder = format!("{} `X`", of.to_lowercase());
        let kind = format!("AWS::IAM::{of}");
        let own = if of == "Role" { trust.to_owned() } else { String::new() };
        let (x, other) = (("X", &*kind, own.clone()), ("Other", &*kind, own.clone()));
        for policy in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"] {
            let list = |document: &str, who: &str| format!("PolicyName: p, PolicyDocument: {document}, {of}s: [{who}]");
            let text = template(
                "",
                &[
                    x.clone(),
                    other.clone(),
                    ("A", policy, list(PASSES, "!Ref X")),
                    ("B", policy, list(CREATES, "!Ref Other, !Ref X")),
                ],
            );
            spread("template.yaml", &holder, &text, "!Ref Other, !Ref X", "!Ref Other");
        }
        let inline = format!("AWS::IAM::{of}Policy");
        let one =
            |document: &str, name: &str| format!("PolicyName: p, PolicyDocument: {document}, {of}Name: !Ref {name}");
        let text = template("", &[x.clone(), ("A", &inline, one(PASSES, "X")), ("B", &inline, one(CREATES, "X "))]);
        spread("template.yaml", &holder, &text, "!Ref X }", "!Ref Y}");
        // By the names of managed policies.
        let comma = if own.is_empty() { "" } else { ", " };
        let arns = format!(
            "{own}{comma}ManagedPolicyArns: [!Ref A, !Sub 'arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/team/b']"
        );
        let managed =
            |document: &str, name: &str| format!("ManagedPolicyName: {name}, Path: /team/, PolicyDocument: {document}");
        let policy = "AWS::IAM::ManagedPolicy";
        let text = template(
            "",
            &[("X", &kind, arns), ("A", policy, managed(PASSES, "a")), ("B", policy, managed(CREATES, "b"))],
        );
        spread("template.yaml", &holder, &text, "policy/team/b", "policy/b");
    }
}

#[test]
fn groups_of_a_template() {
    let own = |document: &str| format!("Policies: [{{PolicyName: p, PolicyDocument: {document}}}]");
    let (user, group) = (("U", "AWS::IAM::User", own(PASSES)), ("G", "AWS::IAM::Group", own(CREATES)));
    let added = ("M", "AWS::IAM::UserToGroupAddition", "GroupName: !Ref G, Users: [!Ref U]".to_owned());
    spread("template.yaml", "user `U`", &template("", &[user, group.clone(), added]), "[!Ref U]", "[]");
    let user = ("U", "AWS::IAM::User", own(PASSES) + ", Groups: [!Ref G]");
    spread("template.yaml", "user `U`", &template("", &[user, group]), ", Groups: [!Ref G]", "");
}

#[test]
fn roles_that_sam_and_the_serverless_framework_make() {
    let head = "Transform: AWS::Serverless-2016-10-31\n";
    let function = |policies: &str| ("F", "AWS::Serverless::Function", format!("Handler: a.b, Policies: [{policies}]"));
    let made = ("A", "AWS::IAM::ManagedPolicy", format!("PolicyDocument: {PASSES}"));
    let on_role = ("A", "AWS::IAM::Policy", format!("PolicyName: p, Roles: [!Ref FRole], PolicyDocument: {PASSES}"));
    for (resources, link, unlinked) in [
        (vec![function(&format!("{PASSES}, {CREATES} "))], format!(", {CREATES} "), ""),
        (vec![function(&format!("!Ref A, {CREATES}")), made], "!Ref A, ".to_owned(), ""),
        (vec![function(CREATES), on_role], "!Ref FRole".to_owned(), "!Ref GRole"),
    ] {
        spread("template.yaml", "role `FRole`", &template(head, &resources), &link, unlinked);
    }
    // It has the role that it is given.
    let (kind, properties) =
        ("AWS::Serverless::Function", format!("Role: !ImportValue r, Policies: [{PASSES}, {CREATES}]"));
    assert!(told("template.yaml", &template(head, &[("F", kind, properties)])).1.is_empty());

    let service = |managed: &str, resources: &str| {
        format!(
            "service: s\nprovider:\n  name: aws\n  iam:\n    role:\n{managed}      statements:\n        - {{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}}\n\
             resources:\n  Resources:\n    B:\n      Type: AWS::IAM::{resources}\n"
        )
    };
    let managed = format!("ManagedPolicy\n      Properties: {{PolicyDocument: {CREATES}}}");
    let text = service("      managedPolicies: [!Ref B]\n", &managed);
    spread("serverless.yml", "role `IamRoleLambdaExecution`", &text, "      managedPolicies: [!Ref B]\n", "");
    let policy = format!(
        "Policy\n      Properties: {{PolicyName: p, Roles: [!Ref IamRoleLambdaExecution], PolicyDocument: {CREATES}}}"
    );
    spread(
        "serverless.yml",
        "role `IamRoleLambdaExecution`",
        &service("", &policy),
        "!Ref IamRoleLambdaExecution",
        "!Ref Other",
    );
}
