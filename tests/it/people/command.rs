//! `throughgate match evaluate` as somebody runs it: what it says and how it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn evaluate(folder: &Path, known: &str, presented: &str) -> Output {
    let file = |name: &str| folder.join(name);
    fs::write(file("known.csv"), known).unwrap();
    fs::write(file("presented.csv"), presented).unwrap();
    Command::new(env!("CARGO_BIN_EXE_throughgate"))
        .args(["match", "evaluate"])
        .arg("--index")
        .arg(file("known.csv"))
        .arg("--presentations")
        .arg(file("presented.csv"))
        .arg("--out")
        .arg(file("out.csv"))
        .output()
        .unwrap()
}

#[test]
fn it_ends_well_with_a_table_and_says_what_it_could_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(
        folder.path(),
        "record_id,forename,surname,date_of_birth,postcode\r\nR1,TESTA,ALDER,1990-05-17,NM1 4AQ\r\nR2,Fixture,Cedar,May 1985,\r\n",
        "query_id,surname,forename,date_of_birth,postcode\nQ1,Alder,Testa,1990-05-17,NM1 4AQ\n",
    );
    let (told, noted) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(0), "{noted}");
    assert_eq!(told, "1 presentations against 2 records: 1 link, 0 possible\n");
    assert!(noted.contains("known.csv: 1 dates of birth are no dates"), "{noted}");
    assert!(noted.contains("line 3") && !noted.contains("1985") && !noted.contains("Cedar"), "{noted}");
    let findings = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert!(findings.lines().nth(1).unwrap().starts_with("Q1,R1,"), "{findings}");
}

#[test]
fn an_empty_table_is_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(folder.path(), "record_id,surname\n", "query_id,surname\nQ1,Alder\n");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(fs::read_to_string(folder.path().join("out.csv")).unwrap().lines().count(), 1);
}

#[test]
fn a_fault_ends_it_with_its_file_and_line_and_without_a_name() {
    let good = "query_id,surname\nQ1,Alder\n";
    for (known, fault) in [
        ("record_id,surname\nR1,Alder\nR1,Cedar\n", "line 3 has the id of a line before"),
        ("surname\nAlder\n", "the column record_id is missing"),
        ("record_id,surname,born\nR1,Alder,1990\n", "column 3"),
        ("record_id,surname,sex\nR1,Alder,Alder\n", "line 2 has a sex"),
        ("record_id,surname\nR1,Alder,Cedar\n", "CSV"),
        ("", "the column record_id is missing"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = evaluate(folder.path(), known, good);
        let noted = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{noted}");
        assert!(noted.contains("known.csv") && noted.contains(fault), "{noted}");
        assert!(!noted.contains("Alder") && !noted.contains("Cedar"), "{noted}");
        assert!(!folder.path().join("out.csv").exists());
    }
}
