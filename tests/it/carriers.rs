//! Documents that scripts carry: where they end, what the shell makes of them, and what is said where they are no policy.

use crate::lint::{lint, lint_pedantic, told};
use proptest::prelude::*;
use whit::extract::{Extraction, Fact, facts};
use whit::policy::{Piece, Value};
use whit::source::{FileId, RelPath, SourceFile};

fn extract(path: &str, text: &str) -> Extraction {
    facts(&SourceFile::new(FileId(0), RelPath::new(path), text.as_bytes().into()))
}

/// A statement that grants too much, with what stands in the place of its resource.
fn granting(resource: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:*", "Resource": {resource}}}}}"#
    )
}

const BROKEN: &str = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Allow\" \"Action\": \"s3:*\", \"Resource\": \"*\"}]\n}";
const UNCLOSED: &str = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]\n";
const MISSPELT: &str = r#"{"Version": "2012-10-17", "Statement": [{"Efect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;

#[test]
fn what_a_script_hands_on_must_be_json() {
    for document in [BROKEN, UNCLOSED, &format!("{}}}", granting("\"*\""))] {
        for begin in ["<<EOF", "<<'EOF'", "<<\"EOF\""] {
            let text = format!("cat > doc.json {begin}\n{document}\nEOF\necho done\n");
            let told = extract("setup.sh", &text);
            assert!(told.broken, "{text}");
            assert_eq!(lint("setup.sh", &text).iter().filter(|it| it.rule.0 == "invalid-json").count(), 1, "{text}");
        }
    }
    for text in [
        format!("aws iam put-role-policy --role-name r --policy-name p --policy-document '{BROKEN}'\n"),
        format!("aws iam put-role-policy --role-name r --policy-name p --policy-document \\\n  '{UNCLOSED}'\n"),
        format!("aws s3api put-bucket-policy --bucket b --policy \"{}\"\n", BROKEN.replace('"', "\\\"")),
        format!(
            "jobs:\n  x:\n    steps:\n      - run: |\n          cat > p.json <<EOF\n          {}\n          EOF\n",
            BROKEN.replace('\n', "\n          ")
        ),
    ] {
        let path = if text.starts_with("jobs") { ".github/workflows/x.yml" } else { "setup.sh" };
        assert!(extract(path, &text).broken, "{text}");
        assert_eq!(lint(path, &text).iter().filter(|it| it.rule.0 == "invalid-json").count(), 1, "{text}");
    }
}

#[test]
fn the_place_of_the_mistake_is_told() {
    let text = format!("#!/bin/sh\ncat > doc.json <<EOF\n{BROKEN}\nEOF\n");
    let findings = lint("setup.sh", &text);
    let broken: Vec<_> = findings.into_iter().filter(|finding| finding.rule.0 == "invalid-json").collect();
    assert_eq!(told(&broken, &text), [("invalid-json", "\"Allow\"")]);
    assert!(broken[0].message.contains("comma"), "{}", broken[0].message);
}

#[test]
fn mistakes_of_grammar_are_told_of_whole_documents() {
    for text in [
        format!("cat > doc.json <<EOF\n{MISSPELT}\nEOF\n"),
        format!("aws iam create-policy --policy-name p --policy-document '{MISSPELT}'\n"),
        format!("POLICY='{MISSPELT}'\naws iam create-policy --policy-name p --policy-document \"$POLICY\"\n"),
        format!("f() {{\n  local POLICY='{}'\n}}\n", MISSPELT.replace("::b", "::'$B'")),
        format!("aws iam create-policy --policy-name p --policy-document \"{}\"\n", MISSPELT.replace('"', "\\\"")),
    ] {
        assert!(told(&lint("setup.sh", &text), &text).iter().any(|(rule, _)| *rule == "unknown-element"), "{text}");
    }
}

#[test]
fn what_is_only_shown_is_not_blamed() {
    for (path, text) in [
        // Prose leaves things out.
        ("a.md", format!("```sh\ncat > doc.json <<EOF\n{BROKEN}\nEOF\n```\n")),
        ("a.md", format!("```json\n{UNCLOSED}  ...\n```\n")),
        // Something else than a shell makes JSON of these.
        ("setup.sh", "jq -n --arg x \"$X\" '{Version: \"2012-10-17\", Statement: [{Effect: \"Allow\", Action: $x}]}'\n".to_owned()),
        ("setup.sh", "jq --null-input '{Version: \"2012-10-17\", Statement: [{Effect: \"Allow\", Action: $x}]}'\n".to_owned()),
        ("t.yaml", "Code:\n  ZipFile: |\n    p = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 'x'}]})\n".to_owned()),
        ("t.yaml", "Code:\n  ZipFile: |\n    policy = json.dumps(\n    {\n      'Statement': [{'Effect': 'Allow', 'Action': x}]\n    })\n".to_owned()),
        ("t.yaml", "Code:\n  ZipFile: |\n    client.create_policy(\n      PolicyDocument='{\"Statement\": [{\"Effect\": \"Allow\",'\n        '\"Action\": \"x\"}]}')\n".to_owned()),
        ("setup.sh", "aws iam list-roles --query='{Version: \"2012-10-17\", Statement: [{Effect: \"Allow\"}]}'\n".to_owned()),
        ("setup.sh", "POLICY='{\"Statement\": [{\"Effect\": \"Allow\"}, '$OTHERS']}'\n".to_owned()),
        // What is to be filled in is no mistake.
        ("setup.sh", format!("cat > doc.json <<EOF\n{}\nEOF\n", granting("$BUCKETS"))),
        ("setup.sh", format!("cat > doc.json <<EOF\n{}\nEOF\n", granting("${BUCKETS}"))),
        ("setup.sh", format!("cat > doc.json <<EOF\n{}\nEOF\n", granting("[$(join , \"$@\")]"))),
    ] {
        assert!(!extract(path, &text).broken, "{text}");
        assert!(lint_pedantic(path, &text).iter().all(|finding| finding.rule.0 != "invalid-json"), "{text}");
    }
}

#[test]
fn the_shell_fills_in_and_unquotes() {
    for (written, read) in [
        ("cat <<EOF\n@\nEOF", "arn:aws:s3:::$BUCKET/*"),
        ("cat <<EOF\n@\nEOF", "arn:aws:s3:::$(aws ssm get-parameter --name \"b\" --query 'Value')/*"),
        ("cat <<EOF\n@\nEOF", "arn:aws:s3:::`cat \"name\"`/*"),
        ("cat <<EOF\n@\nEOF", "arn:aws:s3:::\\${aws:username}/*"),
        ("cat <<'EOF'\n@\nEOF", "arn:aws:s3:::${aws:username}/*"),
        ("aws iam create-policy --policy-document '@'", "arn:aws:s3:::'$BUCKET'/*"),
        ("aws iam create-policy --policy-document '@'", "arn:aws:s3:::'\"$BUCKET\"'/*"),
        ("aws iam create-policy --policy-document '@'", "arn:aws:s3:::'\"$(name \"x\")\"'/*"),
    ] {
        let text = format!("{}\n", written.replace('@', &granting(&format!("\"{read}\""))));
        let told = extract("setup.sh", &text);
        let [Fact::Policy(site)] = &*told.facts else { panic!("{text}: {:?}", told.facts) };
        assert!(!told.broken, "{text}");
        let resource = site.policy.statements[0].resource.as_ref().map(|it| &it.list.items[0]);
        let span = resource.map(|it| it.origin.at.span.range());
        assert_eq!(span.map(|it| &text[it]), Some(&*format!("\"{read}\"")), "{text}");
        // Nothing of the shell is left in what is known of the value.
        if let Some(Value::Partly(pieces)) = resource.map(|it| &it.value) {
            let known = pieces.iter().filter_map(|piece| match piece {
                Piece::Lit(text) => Some(&**text),
                _ => None,
            });
            assert_eq!(known.collect::<Vec<_>>(), ["arn:aws:s3:::", "/"], "{text}");
        }
    }
}

#[test]
fn parts_of_a_document_are_none() {
    let text = "P=$(echo -n '{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::'; echo -n \
                \"$ACCOUNT\"; echo -n ':root\"}, \"Action\": \"sts:AssumeRole\"}]}')\n";
    assert_eq!(told(&lint_pedantic("trust.sh", text), text), []);
}

#[test]
fn a_quote_above_a_document_is_not_its_own() {
    for above in ["echo \"done\"", "it is 'done'", "aws iam get-role-policy --role-name 'r'"] {
        let text = format!("{above}\n{}\n", granting("\"*\""));
        assert_eq!(told(&lint("setup.sh", &text), &text), [("service-wildcard", "\"s3:*\"")], "{text}");
    }
}

#[test]
fn keys_with_variables_are_no_unknown_keys() {
    let text = "cat > trust.json <<EOF\n{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \
                \"arn:aws:iam::$ACCOUNT:oidc-provider/$PROVIDER\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringEquals\": \
                {\"$PROVIDER:sub\": \"system:serviceaccount:${SPACE:-\"default\"}:dns\", \"$PROVIDER:aud\": \"sts.amazonaws.com\"}}}]}\nEOF\n";
    assert_eq!(told(&lint_pedantic("trust.sh", text), text), []);
}

#[test]
fn a_heredoc_ends_where_the_shell_says() {
    let text = format!("cat > a.json <<EOF\n{UNCLOSED}EOF\ncat > b.json <<'END'\n{}\nEND\n", granting("\"*\""));
    let told = extract("setup.sh", &text);
    assert_eq!(told.facts.iter().filter(|fact| matches!(fact, Fact::Policy(_))).count(), 2, "{:?}", told.facts);
}

#[test]
fn brackets_and_quotes_without_end_take_no_time() {
    for piece in ["\"{", "\"{\"", "'{", "'{'", "x '{$(", "`\"{", "cat <<EOF\n{\n", "--policy \"{\\\"", "<<E\n{\nE\n"] {
        let text = format!("Statement Effect\n{}", piece.repeat(100_000));
        let started = std::time::Instant::now();
        let told = extract("setup.sh", &text);
        assert!(started.elapsed().as_secs() < 20, "{piece}: {:?}", started.elapsed());
        assert!(told.facts.len() < 100_001, "{piece}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever a script holds, what is found in it stands there.
    #[test]
    fn no_script_breaks_the_reader(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        for (path, text) in [("setup.sh", text.clone()), ("a.md", format!("```\n{text}\n```\n"))] {
            for finding in lint_pedantic(path, &text) {
                let region = finding.primary.region;
                prop_assert!(text.get(region.byte as usize..(region.byte + region.byte_len) as usize).is_some(), "{text:?}");
            }
        }
    }
}

const PIECES: &[&str] = &[
    "{\"Version\": \"2012-10-17\", \"Statement\": [",
    "{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}",
    "{\\\"Statement\\\": {\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": \\\"iam:*\\\"}}",
    "]}",
    "}",
    "{",
    "[",
    "'",
    "\"",
    "\\",
    "`",
    "$",
    "$X",
    "${X}",
    "${X:-'é'}",
    "$(a \"b\")",
    "$(",
    "${",
    "'\\''",
    "'\"$X\"'",
    "\n",
    " ",
    "é",
    "=",
    "P=",
    "export P=",
    "--policy-document ",
    "aws iam create-policy ",
    "cat > p.json <<EOF\n",
    "<<'EOF'\n",
    "<<\"é\"\n",
    "\nEOF\n",
    "\né\n",
    ";",
];
