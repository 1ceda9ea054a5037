//! What the catalogue knows orders the requests that show new access, and takes none away.

use super::{identity, policy, s3, under, word};
use serde_json::{Value, json};
use whit::access::compare::{Kind, new_access};

fn allow(action: &str, resource: Value) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

/// What is new against a policy that allows nothing of the kind.
fn alone(statement: Value) -> &'static str {
    identity(allow("sqs:SendMessage", json!("arn:aws:sqs:eu-west-1:111122223333:q")), statement).0
}

#[test]
fn a_resource_that_the_action_does_not_take_is_possible_at_most() {
    let bucket = "arn:aws:s3:::b";
    for (statement, expected) in [
        (s3("arn:aws:s3:::b/*"), "new"),
        (s3("arn:aws:s3:::*"), "new"),
        (s3("arn:aws:iam::111122223333:role/x"), "possible"),
        (s3("arn:aws:ec2:eu-west-1:111122223333:instance/i-1"), "possible"),
        (allow("s3:*", json!("arn:aws:iam::111122223333:role/x")), "possible"),
        (allow("s3:ListBucket", json!(bucket)), "new"),
        (allow("s3:ListAllMyBuckets", json!("*")), "new"),
        (allow("s3:ListAllMyBuckets", json!(bucket)), "possible"),
        // Days behind: what is written in full is believed.
        (allow("s3:BrandNewAction", json!(bucket)), "new"),
        (allow("s3:BrandNew*", json!(bucket)), "possible"),
    ] {
        assert_eq!(alone(statement.clone()), expected, "{statement}");
    }
}

#[test]
fn a_key_that_the_action_does_not_have_is_possible_at_most() {
    let with = |key: &str| under(json!({"StringEquals": {key: "x"}}));
    for (statement, expected) in [
        (with("s3:ExistingObjectTag/team"), "new"),
        (with("aws:PrincipalTag/team"), "new"),
        (with("nobody:KnowsThis"), "new"),
        (with("ec2:Region"), "possible"),
        (with("sts:ExternalId"), "possible"),
        // It holds where the key is absent.
        (under(json!({"StringEqualsIfExists": {"ec2:Region": "x"}})), "new"),
        (under(json!({"StringNotEquals": {"ec2:Region": "x"}})), "new"),
    ] {
        assert_eq!(alone(statement.clone()), expected, "{statement}");
    }
}

#[test]
fn a_request_that_the_catalogue_knows_is_looked_for() {
    let witness = |base: Value, head: Value| {
        let found = new_access(&[policy(&[base])], &[policy(&[head])], Kind::Identity);
        assert_eq!(word(&found), "new", "{found:?}");
        found.new[0].witness.clone()
    };
    // The object that comes to mind first is there already.
    let object = witness(s3("arn:aws:s3:::example/*"), s3("arn:aws:s3:::*"));
    assert!(object.resource.starts_with("arn:aws:s3:::") && object.resource.contains('/'), "{object:?}");
    // Only of an action without resources.
    let list = |actions: Value| json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
    let head = list(json!("s3:ListAll*"));
    assert_eq!(witness(list(json!("s3:GetObject")), head).resource, "*");
    let all = json!({"Effect": "Allow", "NotAction": "s3:ListAllMyBuckets", "Resource": "*"});
    let witness = witness(all, list(json!("s3:List*")));
    assert_eq!((&*witness.action, &*witness.resource), ("s3:ListAllMyBuckets", "*"));
    // What is left is on resources that the action has not.
    let send = |resource: &str| allow("sqs:SendMessage", json!(resource));
    assert_eq!(identity(send("arn:*:sqs:*:*:*"), send("*")), ("possible", "none"));
}

#[test]
fn the_riskiest_request_that_people_know_is_shown() {
    let deny = json!({"Effect": "Deny", "Action": "iam:*", "Resource": "*"});
    let all = allow("*", json!("*"));
    let found = new_access(&[policy(&[all.clone(), deny])], &[policy(&[all])], Kind::Identity);
    assert_eq!(word(&found), "new", "{found:?}");
    let witness = &found.new[0].witness;
    assert_eq!(witness.action, "iam:CreateUser");
    assert!(witness.resource.starts_with("arn:aws:iam::") && witness.resource.contains(":user/"), "{witness:?}");
    // The thing itself before ways to it.
    let found = new_access(&[], &[policy(&[allow("s3:PutObject", json!("*"))])], Kind::Identity);
    let resource = &found.new[0].witness.resource;
    assert!(resource.starts_with("arn:aws:s3:::") && resource.contains('/'), "{resource}");
}

#[test]
fn whom_a_provider_vouches_for_asks_with_its_token() {
    let trust = |condition: Value, principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition});
    let sub = |like: &str| json!({"StringLike": {"token.actions.githubusercontent.com:sub": like}});
    let provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    for federated in [json!({"Federated": provider}), json!({"Federated": {"Ref": "Provider"}}), json!("*")] {
        let (old, new) = (trust(sub("repo:o/r:*"), federated.clone()), trust(sub("repo:o/*"), federated.clone()));
        let found = new_access(&[policy(&[old])], &[policy(&[new])], Kind::Resource);
        let principal = found.new[0].witness.principal.clone().unwrap();
        assert!(principal.contains(":oidc-provider/"), "{federated}: {principal}");
    }
}
