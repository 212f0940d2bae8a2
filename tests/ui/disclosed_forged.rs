//! A handler tries to pass a body off as disclosed, with the receipt of another answer.

use std::marker::PhantomData;

use throughgate::journal::outcome::{Disclosed, Media, Receipt};

struct View;

fn reuse(receipt: Receipt, body: Vec<u8>) -> Disclosed<View> {
    Disclosed {
        body,
        media: Media::Json,
        status: 200,
        location: None,
        etag: None,
        next: None,
        receipt,
        openings: String::new(),
        obligations: String::new(),
        view: PhantomData,
    }
}

fn main() {}
