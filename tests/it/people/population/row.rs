//! What a record and a presentation say, in the columns of `throughgate match evaluate`.

use std::fmt::Write as _;

/// Texts as they were written down; empty where nothing was. Several of one kind are parted by `|` in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub forename: String,
    pub middle_names: String,
    pub surname: String,
    pub aliases: Vec<String>,
    pub alias_forenames: Vec<String>,
    pub alias_surnames: Vec<String>,
    pub date_of_birth: String,
    pub alias_dobs: Vec<String>,
    pub sex: String,
    pub postcode: String,
    pub previous_postcodes: Vec<String>,
    pub address: String,
    pub nhs_number: String,
    pub pnc_id: String,
    pub prison_number: String,
    pub crn: String,
    pub agency: String,
}

pub const COLUMNS: &str = "forename,middle_names,surname,aliases,alias_forenames,alias_surnames,date_of_birth,alias_dobs,sex,\
    postcode,previous_postcodes,address,nhs_number,pnc_id,prison_number,crn,agency";

impl Row {
    fn cells(&self) -> [String; 18] {
        [
            self.id.clone(),
            self.forename.clone(),
            self.middle_names.clone(),
            self.surname.clone(),
            self.aliases.join("|"),
            self.alias_forenames.join("|"),
            self.alias_surnames.join("|"),
            self.date_of_birth.clone(),
            self.alias_dobs.join("|"),
            self.sex.clone(),
            self.postcode.clone(),
            self.previous_postcodes.join("|"),
            self.address.clone(),
            self.nhs_number.clone(),
            self.pnc_id.clone(),
            self.prison_number.clone(),
            self.crn.clone(),
            self.agency.clone(),
        ]
    }
}

/// A whole file, its first column being called so.
pub fn written(id: &str, rows: &[Row]) -> String {
    let mut text = format!("{id},{COLUMNS}\n");
    for row in rows {
        line(&mut text, &row.cells());
    }
    text
}

/// One line of CSV, with quotes where they are needed.
pub fn line(text: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        if cell.contains([',', '"', '\n']) {
            write!(text, "{comma}\"{}\"", cell.replace('"', "\"\"")).unwrap();
        } else {
            write!(text, "{comma}{cell}").unwrap();
        }
    }
    text.push('\n');
}
