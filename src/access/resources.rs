//! The resources that a statement names, asked about many actions: most of these are on the same few types.

use super::fit::{Wanted, is_about_tags};
use crate::catalog::{self, Action, ResourceType, Service};
use crate::policy::ResourcePattern;
use std::cell::RefCell;

/// Resources, with the answers that were given about them.
#[derive(Debug)]
pub struct Resources<'a> {
    wanted: Vec<Wanted<'a>>,
    types: Answers<ResourceType>,
    services: Answers<Service>,
    new: Answers<Service>,
}

impl<'a> Resources<'a> {
    /// Takes patterns of which none is everything.
    pub fn of(patterns: impl Iterator<Item = &'a ResourcePattern>) -> Self {
        let wanted = patterns.map(Wanted::of).collect();
        Resources { wanted, types: Answers::default(), services: Answers::default(), new: Answers::default() }
    }

    /// True if an action can have one of them, by the types that the reference lists for it, or by what it is known to leave out.
    pub fn may_suit(&self, action: &Action) -> bool {
        let of_type = |kind| self.types.get(kind, |kind| self.any(|wanted| wanted.reaches_type(*kind)));
        let mut targets = action.targets().peekable();
        if targets.peek().is_none() || targets.any(|target| of_type(target.resource)) {
            return true;
        }
        catalog::service(action.service()).is_some_and(|service| {
            let named = || self.services.get(service, |service| self.any(|wanted| wanted.is_named_in(*service)));
            let new = || self.new.get(service, |service| self.any(|wanted| wanted.is_new_to(*service)));
            is_about_tags(action) && named() || new()
        })
    }

    /// True if one of them may be of an action's service, of whatever type.
    pub fn may_be_of_service(&self, action: &Action) -> bool {
        self.any(|wanted| wanted.may_be_of_service(action))
    }

    fn any(&self, test: impl Fn(&Wanted<'_>) -> bool) -> bool {
        self.wanted.iter().any(test)
    }
}

/// What was answered about a few things.
#[derive(Debug)]
struct Answers<T>(RefCell<Vec<(T, bool)>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Answers(RefCell::default())
    }
}

impl<T: PartialEq> Answers<T> {
    fn get(&self, of: T, ask: impl FnOnce(&T) -> bool) -> bool {
        let known = self.0.borrow().iter().find(|(known, _)| *known == of).map(|(_, answer)| *answer);
        known.unwrap_or_else(|| {
            let answer = ask(&of);
            self.0.borrow_mut().push((of, answer));
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_take_the_resources_of_their_types() {
        for (action, resource, expected) in [
            ("s3:GetObject", "arn:aws:s3:::bucket/*", true),
            ("s3:GetObject", "arn:aws:s3:::bucket", false),
            ("s3:ListBucket", "arn:aws:s3:::bucket", true),
            ("s3:ListBucket", "arn:aws:s3:::bucket/*", false),
            ("s3:ListBucket", "arn:aws:s3:::bucket*", true),
            ("s3:ListBucket", "arn:aws:s3:::buck*/", false),
            ("s3:ListBucket", "arn:aws:s3:::${bucket}/*", false),
            ("s3:ListBucket", "arn:aws:s3:eu-west-1:111122223333:accesspoint/mine", true),
            // The reference does not list access points for this one, and AWS has them.
            ("s3:ListBucketMultipartUploads", "arn:aws:s3:eu-west-1:111122223333:accesspoint/mine", true),
            ("s3:GetObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/mine/object/*", true),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders", true),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*", true),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders/index/by-day", false),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders/*", false),
            ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/orders/index/*", true),
            ("iam:GetRole", "arn:aws:iam::*:role/a/b/c", true),
            ("iam:PassRole", "arn:aws:iam::*:user/x", false),
            ("iam:PassRole", "arn:aws:iam::*:*", true),
            ("s3:ListAllMyBuckets", "*", true),
            // Tags are on all types of a service, but not on those of others.
            ("elasticloadbalancing:AddTags", "arn:aws:elasticloadbalancing:*:*:targetgroup/a/*", true),
            ("aws-marketplace:TagResource", "arn:aws:aws-marketplace:*:*:AWSMarketplace/Offer/*", true),
            ("glue:GetTags", "arn:aws:glue:*:*:registry/*", true),
            ("glue:GetTags", "arn:aws:sqs:*:*:x", false),
            ("s3:PutObjectTagging", "arn:aws:s3:::bucket", false),
            // No action of the service is known to take the type.
            ("sagemaker-mlflow:CreateRun", "arn:aws:sagemaker:*:*:mlflow-app/*", true),
            ("iam:PassRole", "arn:aws:sagemaker:*:*:mlflow-app/*", false),
            ("securityagent:ListPentests", "arn:aws:securityagent:*:*:agent-instance*", true),
            // The type was left out.
            ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:orders", false),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:orders", false),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:ORDERS_TABLE", true),
            ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:db*", true),
            ("sqs:SendMessage", "arn:aws:sqs:*:*:orders", true),
            // These are only misspelt.
            ("states:StartExecution", "arn:aws:states:*:*:statemachine:*", false),
            ("sagemaker:DescribeEndpointConfig", "arn:aws:sagemaker:*:*:endpointconfig/*", false),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:tables/x", false),
            // The second `*` reaches over the colon.
            ("logs:PutLogEvents", "arn:aws:logs:*:*:/aws-glue/*", true),
            ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:/aws-glue/*", false),
            ("backup:DescribeRecoveryPoint", "arn:aws:backup:*:*:recovery-point:*", true),
            (
                "cloudformation:CreateChangeSet",
                "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31",
                true,
            ),
            (
                "cloudformation:CreateStack",
                "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31",
                false,
            ),
            ("bedrock:InvokeModel", "arn:aws:bedrock:::foundation-model/x", true),
        ] {
            let action = catalog::action(action);
            let pattern = ResourcePattern::new(resource);
            assert_eq!(
                action.map(|action| Resources::of(std::iter::once(&pattern)).may_suit(&action)),
                Some(expected),
                "{resource}"
            );
        }
    }
}
