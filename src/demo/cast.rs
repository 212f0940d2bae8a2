//! Who takes part in the demonstration. All agencies, places and people are invented.

use crate::vocabulary::{AgencyType, Role};

/// The base URI of the demonstration's gateway, which its tokens are for.
pub const AUDIENCE: &str = "https://gateway.throughgate.example";

/// The number for people who use any of the services and are in a crisis, from the numbers kept for drama.
pub const CRISIS_LINE: &str = "08081 570100";

/// The number of the police's adviser, from the numbers kept for drama.
pub const ADVISER_LINE: &str = "01632 960149";

/// An invented agency.
#[derive(Debug)]
pub struct Member {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub agency_type: AgencyType,
    /// Where it works.
    pub area: &'static str,
    /// Its office telephone, from the numbers kept for drama.
    pub telephone: &'static str,
    /// Its telephone out of hours.
    pub telephone_out_of_hours: Option<&'static str>,
    /// What it offers.
    pub provides: &'static [&'static str],
    /// What it cannot offer.
    pub cannot_provide: &'static [&'static str],
    /// Its workers.
    pub workers: &'static [Colleague],
}

/// An invented worker.
#[derive(Debug)]
pub struct Colleague {
    /// The worker's id.
    pub id: &'static str,
    /// The worker's name.
    pub name: &'static str,
    /// The worker's role.
    pub role: Role,
}

const fn worker(id: &'static str, name: &'static str, role: Role) -> Colleague {
    Colleague { id, name, role }
}

/// The agencies of the demonstration.
pub const MEMBERS: &[Member] = &[
    Member {
        id: "northmoor-cjit",
        name: "Northmoor Criminal Justice Integrated Team",
        agency_type: AgencyType::Cjit,
        area: "Northmoor",
        telephone: "01632 960101",
        telephone_out_of_hours: Some("01632 960102"),
        provides: &["assessment", "case management", "gate pick-up", "needle exchange"],
        cannot_provide: &["residential treatment"],
        workers: &[
            worker("testa-rowan", "Testa Rowan", Role::CaseManager),
            worker("mocky-aspen", "Mocky Aspen", Role::TeamManager),
            worker("duty-spoc", "Duty Spoc", Role::Spoc),
            worker("sample-juniper", "Sample Juniper", Role::PrivacyOfficer),
            worker("sample-quince", "Sample Quince", Role::CaldicottGuardian),
            worker("dr-fixture-rowe", "Dr Fixture Rowe", Role::Prescriber),
            worker("sample-alder", "Sample Alder", Role::Analyst),
            worker("sample-sycamore", "Sample Sycamore", Role::CourtWorker),
        ],
    },
    Member {
        id: "eastvale-cjit",
        name: "Eastvale Criminal Justice Integrated Team",
        agency_type: AgencyType::Cjit,
        area: "Eastvale",
        telephone: "01632 960111",
        telephone_out_of_hours: None,
        provides: &["assessment", "case management"],
        cannot_provide: &["gate pick-up at weekends"],
        workers: &[
            worker("sample-linden", "Sample Linden", Role::CaseManager),
            worker("dummy-larch", "Dummy Larch", Role::TeamManager),
        ],
    },
    Member {
        id: "fallowgate-carat",
        name: "HMP Fallowgate CARAT team",
        agency_type: AgencyType::Carat,
        area: "Eastvale",
        telephone: "01632 960121",
        telephone_out_of_hours: None,
        provides: &["assessment in custody", "throughcare", "release planning"],
        cannot_provide: &["contact after release"],
        workers: &[
            worker("fixture-oak", "Fixture Oak", Role::CaratWorker),
            worker("specimen-yew", "Specimen Yew", Role::TeamManager),
            worker("fixture-maple", "Fixture Maple", Role::PrivacyOfficer),
        ],
    },
    Member {
        id: "northmoor-probation",
        name: "Northmoor Probation",
        agency_type: AgencyType::Probation,
        area: "Northmoor",
        telephone: "01632 960131",
        telephone_out_of_hours: None,
        provides: &["supervision of orders and licences"],
        cannot_provide: &[],
        workers: &[
            worker("trial-elm", "Trial Elm", Role::ProbationOfficer),
            worker("trial-laurel", "Trial Laurel", Role::CourtWorker),
            worker("trial-hornbeam", "Trial Hornbeam", Role::PrivacyOfficer),
            worker("trial-spindle", "Trial Spindle", Role::CaldicottGuardian),
        ],
    },
    Member {
        id: "northmoor-police",
        name: "Northmoor Police custody",
        agency_type: AgencyType::Police,
        area: "Northmoor",
        telephone: "01632 960141",
        telephone_out_of_hours: Some("01632 960141"),
        provides: &["drug tests in custody", "bookings for assessments"],
        cannot_provide: &[],
        workers: &[
            worker("proxy-thorn", "Proxy Thorn", Role::DipOfficer),
            worker("proxy-briar", "Proxy Briar", Role::CustodyOfficer),
            worker("proxy-rowan", "Proxy Rowan", Role::BreachOfficer),
        ],
    },
    Member {
        id: "lantern",
        name: "Lantern",
        agency_type: AgencyType::SpecialistProject,
        area: "Northmoor",
        telephone: "01632 960151",
        telephone_out_of_hours: Some("07700 900151"),
        provides: &["drop-in", "outreach", "flexible fast-track prescribing"],
        cannot_provide: &["accommodation"],
        workers: &[
            worker("ms-placeholder", "Ms Placeholder", Role::ProjectWorker),
            worker("demo-hazel", "Demo Hazel", Role::TeamManager),
            worker("test-myrtle", "Test Myrtle", Role::PrivacyOfficer),
            worker("dr-sample-sorrel", "Dr Sample Sorrel", Role::Prescriber),
        ],
    },
    Member {
        id: "eastvale-treatment",
        name: "Eastvale Community Drug Treatment",
        agency_type: AgencyType::Treatment,
        area: "Eastvale",
        telephone: "01632 960181",
        telephone_out_of_hours: None,
        provides: &["structured treatment", "prescribing", "supervised consumption"],
        cannot_provide: &["residential treatment"],
        workers: &[
            worker("dr-test-teasel", "Dr Test Teasel", Role::Prescriber),
            worker("mock-tansy", "Mock Tansy", Role::Nurse),
            worker("dummy-fennel", "Dummy Fennel", Role::CaseManager),
        ],
    },
    Member {
        id: "northmoor-infirmary",
        name: "Northmoor Infirmary emergency department",
        agency_type: AgencyType::EmergencyDepartment,
        area: "Northmoor",
        telephone: "01632 960221",
        telephone_out_of_hours: Some("01632 960221"),
        provides: &["emergency care"],
        cannot_provide: &["prescribing after discharge"],
        workers: &[
            worker("dr-mocky-hyssop", "Dr Mocky Hyssop", Role::Prescriber),
            worker("testa-yarrow", "Testa Yarrow", Role::Nurse),
            worker("sample-comfrey", "Sample Comfrey", Role::PrivacyOfficer),
        ],
    },
    Member {
        id: "testhomes",
        name: "Testhomes",
        agency_type: AgencyType::Housing,
        area: "Northmoor",
        telephone: "01632 960161",
        telephone_out_of_hours: None,
        provides: &["supported tenancies", "rent deposits"],
        cannot_provide: &["emergency beds"],
        workers: &[worker("example-beech", "Example Beech", Role::HousingOfficer)],
    },
    Member {
        id: "northmoor-resettlement",
        name: "Northmoor Resettlement",
        agency_type: AgencyType::Resettlement,
        area: "Northmoor",
        telephone: "01632 960191",
        telephone_out_of_hours: None,
        provides: &["key work before and after release", "meetings at the gate"],
        cannot_provide: &["drug tests"],
        workers: &[
            worker("trial-cherry", "Trial Cherry", Role::ResettlementWorker),
            worker("trial-plum", "Trial Plum", Role::ResettlementWorker),
        ],
    },
    Member {
        id: "northmoor-works",
        name: "Northmoor Works",
        agency_type: AgencyType::Ete,
        area: "Northmoor",
        telephone: "01632 960195",
        telephone_out_of_hours: None,
        provides: &["training", "work placements", "advice about money"],
        cannot_provide: &[],
        workers: &[worker("trial-medlar", "Trial Medlar", Role::EteAdviser)],
    },
    Member {
        id: "northmoor-childrens",
        name: "Northmoor Children's Services",
        agency_type: AgencyType::ChildrensServices,
        area: "Northmoor",
        telephone: "01632 960211",
        telephone_out_of_hours: Some("01632 960212"),
        provides: &["enquiries where a child may be at risk", "support of families"],
        cannot_provide: &["treatment"],
        workers: &[
            worker("demo-hawthorn", "Demo Hawthorn", Role::SocialWorker),
            worker("demo-holly", "Demo Holly", Role::TeamManager),
        ],
    },
    Member {
        id: "northmoor-desk",
        name: "Northmoor matching desk",
        agency_type: AgencyType::Operator,
        area: "Northmoor",
        telephone: "01632 960181",
        telephone_out_of_hours: None,
        provides: &["decisions whether two records are about one person"],
        cannot_provide: &["advice on cases"],
        workers: &[worker("sorter-alder", "Sorter Alder", Role::MatchingOfficer)],
    },
    Member {
        id: "northmoor-commissioner",
        name: "Northmoor Area Planning Board",
        agency_type: AgencyType::Commissioner,
        area: "Northmoor",
        telephone: "01632 960231",
        telephone_out_of_hours: None,
        provides: &["commissioning of services", "quarterly scorecards"],
        cannot_provide: &["advice on cases"],
        workers: &[worker("mock-bilberry", "Mock Bilberry", Role::Analyst)],
    },
    Member {
        id: "audit-office",
        name: "Audit Office of the partnership",
        agency_type: AgencyType::Audit,
        area: "Northmoor",
        telephone: "01632 960171",
        telephone_out_of_hours: None,
        provides: &["review of disclosures"],
        cannot_provide: &["advice on cases"],
        workers: &[worker("checker-willow", "Checker Willow", Role::Auditor)],
    },
];
