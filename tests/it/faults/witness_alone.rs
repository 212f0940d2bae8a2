//! A witness by itself: the protocol over the wire. Many at once, and `kill -9` at any moment, are invariant 12.

use std::sync::Arc;

use throughgate::clock::{SharedClock, SystemClock};
use throughgate::ledger::Hash;
use throughgate::ledger::note::{SigningKey, cosigned_by};

use crate::support::{PaperLog, Partner};

pub fn clock() -> SharedClock {
    Arc::new(SystemClock)
}

pub fn alone<Fut: Future<Output = ()>>(story: impl FnOnce(Partner, Arc<PaperLog>) -> Fut) {
    let home = tempfile::tempdir().unwrap();
    let log = PaperLog::new(2_000, "true");
    let partner = Partner::new(home.path(), "probation", log.keys(), &clock());
    actix_web::rt::System::new().block_on(story(partner, log));
}

/// What came back: the status, the type and the text.
pub async fn post(
    client: &reqwest::Client,
    url: &str,
    body: String,
) -> Result<(u16, String, String), reqwest::Error> {
    let answer = client.post(format!("{url}/add-checkpoint")).body(body).send().await?;
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    Ok((answer.status().as_u16(), kind.unwrap_or_default(), answer.text().await?))
}

#[test]
fn each_request_gets_the_status_of_the_specification() {
    alone(async |mut partner, log| {
        partner.start(&clock());
        let client = partner.client(&clock());
        let other = PaperLog::new(300, "false");
        let send = async |body: String| post(&client, &partner.url, body).await.unwrap();

        let (status, _, line) = send(log.body(0, 100)).await;
        assert_eq!(status, 200, "{line}");
        assert!(line.starts_with("— probation.example/witness ") && line.ends_with('\n'));
        let whole = format!("{}{line}", log.checkpoint(100));
        assert_eq!(cosigned_by(&whole, &[partner.key.clone()]).unwrap().len(), 1);

        let unknown = SigningKey::from_seed("unknown.example/log", &[7; 32]).unwrap();
        let unknown = unknown.sign(&unknown.checkpoint(5, Hash::sha256(b"")));
        let stranger = SigningKey::from_seed("paper.example/log", &[8; 32]).unwrap();
        let stranger = stranger.sign(&stranger.checkpoint(100, log.root(100)));
        let lines = log.body(100, 300).matches('\n').count();
        for (body, status, text) in [
            (String::new(), 400, None),
            ("old 100\n\n".to_owned(), 400, None),
            (log.body(100, 300).replace("old 100", "old 301"), 400, None),
            (format!("old 100\n{}\n{}", "A".repeat(44), log.checkpoint(300)), 400, None),
            ("x".repeat(100_000), 413, None),
            (format!("old 0\n\n{unknown}"), 404, None),
            (format!("old 100\n\n{stranger}"), 403, None),
            (log.body(0, 300), 409, Some("100\n")),
            (log.body(99, 300), 409, Some("100\n")),
            (log.body(50, 70), 409, Some("100\n")),
            (other.body(100, 100), 409, Some("100\n")),
            (other.body(100, 300), 422, None),
            (
                log.body(100, 300).lines().take(lines).collect::<Vec<_>>().join("\n").replacen('=', "=\n", 1),
                400,
                None,
            ),
            (format!("old 100\n\n{}", log.checkpoint(300)), 422, None),
        ] {
            let (got, kind, answer) = send(body.clone()).await;
            assert_eq!(got, status, "{body} gave {answer}");
            if let Some(text) = text {
                assert_eq!((kind.as_str(), answer.as_str()), ("text/x.tlog.size", text));
            }
            assert!(!answer.contains('—'), "{status} with a signature");
        }
        // None of these moved it, and asking again for the same is no harm.
        assert_eq!(send(log.body(100, 100)).await.0, 200);
        assert_eq!(send(log.body(100, 300)).await.0, 200);
        assert_eq!(partner.forks(), 1);
        partner.stop().await;
    });
}

#[test]
fn nobody_gets_to_it_without_a_certificate_of_its_own_ca() {
    alone(async |mut partner, log| {
        partner.start(&clock());
        let home = tempfile::tempdir().unwrap();
        let stranger = Partner::new(home.path(), "stranger", log.keys(), &clock());
        // The stranger's certificate, but the right CA for the server.
        let hand_over = |partner: &Partner| partner.dir.join(throughgate::witness::init::HAND_OVER);
        std::fs::copy(hand_over(&partner).join("ca.pem"), hand_over(&stranger).join("ca.pem")).unwrap();
        assert!(post(&stranger.client(&clock()), &partner.url, log.body(0, 5)).await.is_err());
        assert_eq!(post(&partner.client(&clock()), &partner.url, log.body(0, 5)).await.unwrap().0, 200);
        partner.stop().await;
    });
}

#[test]
fn a_lost_memory_is_not_taken_for_an_empty_one() {
    alone(async |mut partner, log| {
        partner.start(&clock());
        let client = partner.client(&clock());
        assert_eq!(post(&client, &partner.url, log.body(0, 5)).await.unwrap().0, 200);
        partner.stop().await;
        std::fs::remove_dir_all(partner.dir.join("state")).unwrap();
        let config = throughgate::witness::WitnessConfig::load(&partner.dir.join("witness.toml")).unwrap();
        let started = throughgate::witness::WitnessService::start(&config, clock());
        let message = started.err().unwrap().to_string();
        assert!(message.contains("retire the key"), "{message}");
    });
}
