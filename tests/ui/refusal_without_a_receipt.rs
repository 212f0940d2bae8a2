//! A handler tries to refuse with a 403 that is in no log.

use throughgate::api::request::Request;
use throughgate::api::router::Answer;
use throughgate::journal::outcome::Stop;
use throughgate::problem::{Problem, ProblemType};

struct View;

async fn read_client(_request: Request) -> Answer<View> {
    Err(Stop::Refused(Problem::new(ProblemType::PurposeNotPermitted)))
}

fn main() {}
