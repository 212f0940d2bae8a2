//! From a client certificate, and a token where there is one, to a [`principal::Principal`].

pub mod principal;
