//! Accounts of AWS itself that deliver logs into buckets of customers.

/// The accounts of Elastic Load Balancing, one for each region opened before August 2022; newer regions have a service
/// principal instead. A bucket policy names the account's root and allows `s3:PutObject`.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html> and its like for
/// China, <https://docs.amazonaws.cn/en_us/elasticloadbalancing/latest/application/enable-access-logging.html>.
const LOAD_BALANCING: [(&str, &str); 26] = [
    ("009996457667", "eu-west-3"),
    ("027434742980", "us-west-1"),
    ("033677994240", "us-east-2"),
    ("037604701340", "cn-northwest-1"),
    ("048591011584", "us-gov-west-1"),
    ("054676820928", "eu-central-1"),
    ("076674570225", "me-south-1"),
    ("098369216593", "af-south-1"),
    ("114774131450", "ap-southeast-1"),
    ("127311923021", "us-east-1"),
    ("156460612806", "eu-west-1"),
    ("190560391635", "us-gov-east-1"),
    ("383597477331", "ap-northeast-3"),
    ("507241528517", "sa-east-1"),
    ("582318560864", "ap-northeast-1"),
    ("589379963580", "ap-southeast-3"),
    ("600734575887", "ap-northeast-2"),
    ("635631232127", "eu-south-1"),
    ("638102146993", "cn-north-1"),
    ("652711504416", "eu-west-2"),
    ("718504428378", "ap-south-1"),
    ("754344448648", "ap-east-1"),
    ("783225319266", "ap-southeast-2"),
    ("797873946194", "us-west-2"),
    ("897822967062", "eu-north-1"),
    ("985666609251", "ca-central-1"),
];

/// The accounts of CloudTrail, which bucket policies named before there was the service principal; the table of the user
/// guide as of 2018.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-supported-regions.html>; for what such a
/// policy looks like <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html>.
const CLOUD_TRAIL: [(&str, &str); 17] = [
    ("035351147821", "eu-central-1"),
    ("086441151436", "us-east-1"),
    ("113285607260", "us-west-2"),
    ("216624486486", "ap-northeast-1"),
    ("262312530599", "eu-west-3"),
    ("282025262664", "eu-west-2"),
    ("284668455005", "ap-southeast-2"),
    ("388731089494", "us-west-1"),
    ("475085895292", "us-east-2"),
    ("492519147666", "ap-northeast-2"),
    ("681348832753", "cn-northwest-1"),
    ("765225791966", "ap-northeast-3"),
    ("814480443879", "sa-east-1"),
    ("819402241893", "ca-central-1"),
    ("859597730677", "eu-west-1"),
    ("903692715234", "ap-southeast-1"),
    ("977081816279", "ap-south-1"),
];

/// True if AWS writes logs into buckets as this account. Accounts of Redshift are not among them: its audit logs come from
/// the *user* `logs` of such an account, and naming the root of one is how attacks are rehearsed.
pub fn delivers_logs(account: &str) -> bool {
    LOAD_BALANCING.iter().chain(&CLOUD_TRAIL).any(|(known, _)| *known == account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_hold_accounts() {
        for table in [&LOAD_BALANCING[..], &CLOUD_TRAIL[..]] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0), "sorted, no account twice: {table:?}");
            for (account, region) in table {
                assert!(
                    account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()),
                    "{account} ({region})"
                );
            }
        }
        assert!(delivers_logs("127311923021") && delivers_logs("086441151436"));
        assert!(!delivers_logs("193672423079") && !delivers_logs("111122223333"));
    }
}
