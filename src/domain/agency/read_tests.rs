//! Filters and pages of the directory.

use super::*;
use crate::directory::{Agency, AgencyStatus, Contact};

fn enrolled(id: &str, agency_type: AgencyType, area: &str) -> Agency {
    Agency {
        id: id.parse().unwrap(),
        name: id.to_owned(),
        agency_type,
        area: area.to_owned(),
        status: AgencyStatus::Active,
        issuer: "https://issuer.example".to_owned(),
        roles: Vec::new(),
        certificates: Vec::new(),
        token_keys: Vec::new(),
        workers: Vec::new(),
        contact: Contact {
            telephone_office: "01632 960100".to_owned(),
            telephone_out_of_hours: None,
            telephone_crisis: None,
            hours: Vec::new(),
            spoc: "Duty lead".to_owned(),
            spoc_deputy: "Deputy".to_owned(),
            adviser: None,
            verified_at: None,
        },
        provides: Vec::new(),
        cannot_provide: Vec::new(),
        answers_live: false,
        break_glass: crate::directory::BreakGlassPower::default(),
    }
}

fn ids(filter: &AgencyFilter, directory: &Directory) -> Vec<String> {
    let (page, _) = filter.page(directory);
    page.into_iter().map(|agency| agency.id.to_string()).collect()
}

#[test]
fn a_filter_is_by_type_and_by_area() {
    let directory = Directory::new(
        1,
        [
            enrolled("northmoor-cjit", AgencyType::Cjit, "Northmoor"),
            enrolled("eastvale-cjit", AgencyType::Cjit, "Eastvale"),
            enrolled("testhomes", AgencyType::Housing, "Northmoor"),
        ],
    )
    .unwrap();
    let filter = |agency_type, area: Option<&str>| AgencyFilter {
        agency_type,
        area: area.map(str::to_owned),
        after: None,
    };
    assert_eq!(ids(&filter(None, None), &directory), ["eastvale-cjit", "northmoor-cjit", "testhomes"]);
    assert_eq!(ids(&filter(Some(AgencyType::Cjit), Some("northmoor")), &directory), ["northmoor-cjit"]);
    assert!(ids(&filter(Some(AgencyType::Court), None), &directory).is_empty());
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition_and_keep_their_filter() {
    let agencies = (0..250).map(|n| {
        let area = if n % 2 == 0 { "Northmoor" } else { "Eastvale" };
        enrolled(&format!("agency-{n:03}"), AgencyType::Housing, area)
    });
    let directory = Directory::new(1, agencies).unwrap();
    let mut filter = Some(AgencyFilter { area: Some("Northmoor".to_owned()), ..AgencyFilter::default() });
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(of) = filter {
        seen.extend(ids(&of, &directory));
        filter = of.page(&directory).1;
        pages += 1;
    }
    let all: Vec<_> = (0..250).step_by(2).map(|n| format!("agency-{n:03}")).collect();
    assert_eq!((pages, seen), (2, all));
}
