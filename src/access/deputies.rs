//! Services that take a role on behalf of whoever gave the order, and say in the request on whose.

/// The services whose documentation asks for `aws:SourceArn` or `aws:SourceAccount` in the trust policies of the roles that
/// it has one make. Others do not send the keys, or nobody else can give them the order.
///
/// Source: the pages "cross-service confused deputy prevention" and those on service roles, in the guide of each.
const ASK: [&str; 19] = [
    "bedrock-agentcore.amazonaws.com",
    "bedrock.amazonaws.com",
    "comprehend.amazonaws.com",
    "datasync.amazonaws.com",
    "grafana.amazonaws.com",
    "kendra.amazonaws.com",
    "lexv2.amazonaws.com",
    "osis-pipelines.amazonaws.com",
    "personalize.amazonaws.com",
    "pipes.amazonaws.com",
    "rekognition.amazonaws.com",
    "resources.cloudformation.amazonaws.com",
    "scheduler.amazonaws.com",
    "ssm.amazonaws.com",
    "states.amazonaws.com",
    "textract.amazonaws.com",
    "transcribe.amazonaws.com",
    "transfer.amazonaws.com",
    "translate.amazonaws.com",
];

/// True if the documentation of a service shows whom it acts for in the trust policies of its roles.
pub fn says_for_whom(service: &str) -> bool {
    ASK.binary_search(&service).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_are_sorted_and_the_usual_ones_are_not_asked() {
        assert!(ASK.is_sorted());
        assert!(says_for_whom("scheduler.amazonaws.com"));
        for service in ["ec2", "lambda", "ecs-tasks", "pods.eks", "edgelambda", "codebuild", "eks"] {
            assert!(!says_for_whom(&format!("{service}.amazonaws.com")), "{service}");
        }
    }
}
