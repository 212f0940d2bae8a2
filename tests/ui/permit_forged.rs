//! A handler tries to permit itself what nobody decided.

use std::marker::PhantomData;

use throughgate::policy::action::ClientRead;
use throughgate::policy::permit::{Grounds, Permit};

fn permit_myself(grounds: Grounds) -> Permit<ClientRead> {
    Permit {
        grounds,
        action: PhantomData,
    }
}

fn main() {}
