//! The tables, as Diesel sees them in both stores. Times are microseconds since the epoch, ids sixteen bytes.
#![allow(
    missing_docs,
    reason = "Diesel's macro makes the items; what a column holds is said in the migrations"
)]

diesel::table! {
    audit_head (log) {
        log -> Text,
        size -> BigInt,
        frontier -> Binary,
        root -> Binary,
        number -> BigInt,
        origin -> Text,
    }
}

diesel::table! {
    audit_recovery (number) {
        number -> BigInt,
        statement -> Text,
    }
}

diesel::table! {
    audit_leaf (idx) {
        idx -> BigInt,
        entry_id -> Binary,
        leaf_hash -> Binary,
        leaf -> Binary,
    }
}

diesel::table! {
    audit_tile (level, n) {
        level -> BigInt,
        n -> BigInt,
        hashes -> Binary,
    }
}

diesel::table! {
    audit_private (idx) {
        idx -> BigInt,
        person_key -> Binary,
        person_part -> Binary,
        rest_key -> Binary,
        rest_part -> Binary,
        erased_by -> Nullable<Binary>,
    }
}

diesel::table! {
    audit_index (token, idx) {
        token -> Binary,
        idx -> BigInt,
    }
}

diesel::table! {
    audit_checkpoint (size) {
        size -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    audit_cosig (size, witness) {
        size -> BigInt,
        witness -> Text,
        line -> Text,
    }
}

diesel::table! {
    data_key (id) {
        id -> Binary,
        owner -> Binary,
        custodian -> Text,
        kek -> Text,
        wrapped -> Binary,
    }
}

diesel::table! {
    agency_version (agency, version) {
        agency -> Text,
        version -> BigInt,
        entry_id -> Binary,
        envelope -> Binary,
    }
}

diesel::table! {
    person (id) {
        id -> Binary,
        created_us -> BigInt,
    }
}

diesel::table! {
    person_identity (person, version) {
        person -> Binary,
        version -> BigInt,
        cluster -> Binary,
        entry_id -> Binary,
        seal -> Binary,
    }
}

diesel::table! {
    match_pair (low, high, version) {
        low -> Binary,
        high -> Binary,
        version -> BigInt,
        state -> Text,
        facts -> Binary,
        record -> Binary,
        entry_id -> Binary,
        seal -> Binary,
    }
}

diesel::table! {
    match_frequency (term) {
        term -> BigInt,
        level -> BigInt,
    }
}

diesel::table! {
    match_token (token, record) {
        token -> BigInt,
        record -> Binary,
        person -> Binary,
    }
}

diesel::table! {
    record (id) {
        id -> Binary,
        kind -> Text,
        person -> Binary,
        custodian -> Text,
        created_us -> BigInt,
    }
}

diesel::table! {
    record_version (record, version) {
        record -> Binary,
        version -> BigInt,
        entry_id -> Binary,
        recorded_us -> BigInt,
        data_key -> Binary,
        parts -> Text,
        envelopes -> Binary,
    }
}

diesel::table! {
    handle (value) {
        #[sql_name = "handle"]
        value -> Binary,
        agency -> Text,
        kind -> Text,
        target -> Binary,
        person -> Binary,
        created_us -> BigInt,
    }
}

diesel::table! {
    epoch (scope) {
        scope -> Binary,
        value -> BigInt,
    }
}

diesel::table! {
    replay_guard (guard) {
        guard -> Binary,
        expires_us -> BigInt,
        request -> Binary,
        status -> BigInt,
        location -> Text,
    }
}

diesel::table! {
    budget (scope) {
        scope -> Binary,
        spent -> BigInt,
        expires_us -> BigInt,
    }
}

diesel::table! {
    event (cursor) {
        cursor -> Binary,
        agency -> Text,
        place -> BigInt,
        ordinal -> BigInt,
        kind -> Text,
        subject -> Text,
        handle -> Binary,
        created_us -> BigInt,
    }
}

diesel::table! {
    task (id) {
        id -> Binary,
        agency -> Text,
        duty -> Text,
        worker -> Binary,
        kind -> Text,
        record -> Binary,
        person -> Binary,
        subject -> Text,
        remind_us -> BigInt,
        due_us -> BigInt,
        level -> BigInt,
        state -> Text,
        created_us -> BigInt,
    }
}

diesel::table! {
    slot (id) {
        id -> Binary,
        agency -> Text,
        kind -> Text,
        at_us -> BigInt,
        place -> Text,
        state -> Text,
        created_us -> BigInt,
    }
}

diesel::table! {
    operations_day (id) {
        id -> Binary,
        agency -> Text,
        service -> Text,
        day -> Text,
        expected -> BigInt,
        created_us -> BigInt,
    }
}

diesel::table! {
    scorecard (agency, quarter) {
        agency -> Text,
        quarter -> Text,
        area -> Text,
        entry_id -> Binary,
        envelope -> Binary,
    }
}

diesel::table! {
    setting (name) {
        name -> Text,
        value -> Text,
        entry_id -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(record, record_version, data_key, handle, match_token);
