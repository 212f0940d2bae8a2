//! What people are called for short, by the name that they were given.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::dice::Dice;

const SHORT: &str = "William:Will,Bill,Billy,Liam,Willie Robert:Rob,Bob,Bobby,Robbie,Bert Richard:Rich,Dick,Rick,Ricky,Richie Michael:Mike,Mick,Mickey,Micky David:Dave,Davey,Davy,Dai \
    James:Jim,Jimmy,Jamie,Jay Christopher:Chris,Kit,Topher,Kris Stephen:Steve,Stevie,Ste Steven:Steve,Stevie Andrew:Andy,Drew Anthony:Tony,Ant Antony:Tony,Ant Daniel:Dan,Danny Matthew:Matt,Matty Thomas:Tom,Tommy \
    Peter:Pete Philip:Phil,Pip Phillip:Phil Joseph:Joe,Joey Edward:Ed,Eddie,Ted,Ned,Teddy Charles:Charlie,Chas,Chuck,Chaz Nicholas:Nick,Nicky,Nico Alexander:Alex,Sandy,Xander,Al,Lex Benjamin:Ben,Benny,Benji \
    Samuel:Sam,Sammy Jonathan:Jon,Jonny,Jono Joshua:Josh Timothy:Tim,Timmy Gregory:Greg Kenneth:Ken,Kenny Ronald:Ron,Ronnie Raymond:Ray Terence:Terry,Tel Terrence:Terry Geoffrey:Geoff Jeffrey:Jeff Graham:Gray Gareth:Gaz,Gary \
    Gary:Gaz,Gazza Darren:Daz,Dazza Barry:Baz,Bazza Lawrence:Larry,Lol,Laz Patrick:Pat,Paddy,Rick Nathaniel:Nat,Nate Nathan:Nate,Nat Bradley:Brad Dominic:Dom Russell:Russ George:Georgie,Geordie Francis:Frank,Frankie John:Jack,Johnny,Jackie \
    Gerard:Gerry,Ged Desmond:Des Leonard:Len,Lenny Archibald:Archie Malcolm:Malc,Mal Alistair:Ali,Al Kevin:Kev Simon:Si Martin:Marty,Mart Mark:Marky Craig:Craigy Jordan:Jords Ryan:Ry Adam:Ads Winston:Win Delroy:Del \
    Elizabeth:Liz,Beth,Betty,Lizzie,Libby,Eliza,Betsy,Lisa,Bess Elisabeth:Liz,Beth,Lisa Margaret:Maggie,Peggy,Meg,Marge,Rita,Daisy,Madge Catherine:Cathy,Kate,Katie,Cath,Kitty Katherine:Kate,Kathy,Katie,Kath,Kat,Kitty Kathryn:Kath,Kate,Kathy \
    Kathleen:Kath,Kathy,Kay Victoria:Vicky,Vicki,Tori,Vic Jennifer:Jen,Jenny Deborah:Debbie,Deb,Debs Debra:Debbie,Deb Susan:Sue,Susie,Suzy Patricia:Pat,Trish,Tricia,Patsy,Paddy Jacqueline:Jackie,Jacqui Samantha:Sam,Sammy Rebecca:Becky,Bec,Becca \
    Stephanie:Steph,Stevie Alexandra:Alex,Sandra,Lexi,Sasha Christine:Chris,Chrissie,Tina Amanda:Mandy Nicola:Nicky,Nic Joanne:Jo Joanna:Jo Angela:Angie,Ange Pamela:Pam Barbara:Babs,Barb,Basia Theresa:Terri,Tess,Tracy Teresa:Terri,Tess \
    Abigail:Abi,Abby,Gail Natalie:Nat Natasha:Tasha,Nat Kimberley:Kim Georgina:Georgie,Gina Charlotte:Charlie,Lottie,Char Jessica:Jess,Jessie Danielle:Dani Michelle:Shell,Shelly,Mich Sarah:Sally,Sas,Sadie Bethany:Beth Hannah:Han Lindsay:Lin Gillian:Gill,Jill \
    Chantelle:Chan,Shan Melissa:Mel,Lissa Melanie:Mel Geraldine:Gerry,Ger Bernadette:Bernie Josephine:Jo,Josie Bridget:Bridie,Biddy Mary:Molly,Polly,May,Mae Ann:Annie,Nan Helen:Nell,Nellie Isobel:Izzy,Bel Eleanor:Ellie,Nell Caroline:Carrie,Caz Sharon:Shaz,Shazza Karen:Kaz Tracey:Trace \
    Valerie:Val Yvonne:Vonnie Beverley:Bev Lorraine:Lori,Raine Kelly:Kel Leanne:Lee Donna:Don Philomena:Phil,Mena Winifred:Win,Freda Dafydd:Dai,Dave Rhiannon:Rhi,Rhian Angharad:Haz,Ann Bronwen:Bron Catrin:Cat Seamus:Jim,Shay Padraig:Paddy,Podge,Pat Eamon:Ned,Ed \
    Siobhan:Shiv,Shev Grainne:Grace Sinead:Shin Piotr:Piotrek,Pete Krzysztof:Krzysiek,Chris,Krzys Andrzej:Andy,Jedrek Tomasz:Tomek,Tom Paweł:Pawelek,Paul Michał:Michalek,Mike Jakub:Kuba,Jake Łukasz:Lukas,Luke Grzegorz:Grzesiek,Greg Mateusz:Matt,Mati Wojciech:Wojtek Maciej:Maciek Dariusz:Darek \
    Rafał:Rafi Sławomir:Slawek Zbigniew:Zbyszek Przemysław:Przemek Radosław:Radek Bartosz:Bartek Arkadiusz:Arek Katarzyna:Kasia,Kate Małgorzata:Gosia,Maggie Agnieszka:Aga,Agnes Joanna:Asia,Jo Magdalena:Magda Elżbieta:Ela,Liz Aleksandra:Ola,Alex Krystyna:Krysia Zofia:Zosia Karolina:Karola Izabela:Iza,Bella \
    Alexandru:Alex,Sandu Gheorghe:George,Ghita Constantin:Costel,Costi Mihai:Misu,Mike Nicolae:Nicu,Nick Ionuț:Ion,John Cristian:Cristi,Chris Gabriel:Gabi Ștefan:Fane,Stefi Dumitru:Mitica,Mitu Elena:Lena,Ileana Mihaela:Miki,Ella Cristina:Cristi,Tina Gabriela:Gabi Nicoleta:Nico,Nicky Florentina:Flori Mariana:Mari \
    José:Zé,Joe,Ze António:Tony,Tó,Toni João:Johnny,Joca Francisco:Chico,Frank,Paco Manuel:Manny,Manel Fernando:Nando Eduardo:Edu,Eddie Isabel:Bela,Izzy Teresa:Té Conceição:São Catarina:Cata,Cat Filipa:Pippa,Lipa \
    Mohammed:Mo,Moe,Mohd,Md Muhammad:Mo,Mohd,Md Mohamed:Mo,Moha Abdul:Abs,Ab Imran:Immy,Imy Usman:Ozzy,Uzi Tariq:Taz,Taj Bilal:Billy,Bil Hassan:Has,Haz Kamran:Kam,Kamy Faisal:Fez,Fas Zahid:Zed,Zaz Yusuf:Joe,Yusi Ibrahim:Ibby,Abe Asif:Az,Ash Nadeem:Naz,Nad Sajid:Saj,Sage Naveed:Nav,Nads Waseem:Waz Wasim:Waz Junaid:Jay,Jun Zeeshan:Zee,Shan \
    Fatima:Fati,Tima Ayesha:Ash,Aish Zainab:Zee,Zaini Rukhsana:Roxy,Ruks Nasreen:Naz,Nas Shabana:Shabs,Shab Khadija:Dija,Kad Yasmin:Yaz,Jas,Minnie Gurpreet:Gurps,Guri,Preet Harpreet:Harps,Preet,Harry Jaswinder:Jas,Jassi Balwinder:Bal,Bally Manjit:Manj,Mani Amandeep:Aman,Andy Sukhdev:Sukh,Suki Kulwinder:Kully,Kal Rajesh:Raj Sandeep:Sandy,Sunny Surinder:Sid,Suri Ravinder:Ravi,Rav Harjit:Harj,Harry Paramjit:Pam,Parm \
    Sanjay:San,Jay Rupinder:Rupi,Pindy Emmanuel:Manny,Emma Oluwaseun:Seun,Shawn Babatunde:Tunde,Baba Adebayo:Bayo,Ade Chukwuemeka:Emeka,Chuks Ikechukwu:Ike,IK Olumide:Olu,Mide Oluwatobi:Tobi,Toby Ifeanyi:Ify,Ifi Chinedu:Nedu,Edu Adewale:Wale,Ade Ebenezer:Eben,Ben Temitope:Tope,Temi Ayodeji:Deji,Ayo Funmilayo:Funmi Abimbola:Bimbo,Bola Yetunde:Yeti,Tunde Titilayo:Titi Bukola:Bukky Adenike:Nike,Ade \
    Abdirahman:Abdi,Rahman Abdullahi:Abdi,Abdul Mustafa:Musty,Mus Ismail:Izzy,Ish Khalid:Kal,Khal Hussein:Huss,Sein Hodan:Hody Maryan:Mary,Mari Halima:Hali,Lima Wei:Wayne,Will Ming:Michael,Martin Minh:Mike,Mickey Mei:May,Amy Ling:Linda,Lyn Hương:Rose,Helen Jun:June,John Hoa:Helen Linh:Lynn,Linda";

static TABLE: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let entries = SHORT.split_whitespace().filter_map(|entry| entry.split_once(':'));
    entries.map(|(formal, short)| (formal, short.split(',').collect())).collect()
});

/// Whether one of the two is short for the other.
pub fn is_short_for(one: &str, other: &str) -> bool {
    let short = |short: &str, formal: &str| TABLE.get(formal).is_some_and(|all| all.contains(&short));
    short(one, other) || short(other, one)
}

/// What this person may be called for short, if anything.
pub fn nickname(forename: &str, dice: &mut Dice) -> Option<String> {
    let short = TABLE.get(forename)?;
    Some(short[dice.ranked(short.len(), 1.0)].to_owned())
}
