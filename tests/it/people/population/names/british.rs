//! Names of English, Welsh, Irish and Scottish families, and of Caribbean families, which bear English ones.

use super::{Custom, Names};

const MALE: &str = "David John|Jon Michael|Micheal Paul James Andrew Mark|Marc Robert Stephen|Steven|Stephan Christopher|Kristopher Daniel \
    Matthew|Mathew Richard Thomas Peter Anthony|Antony Darren|Darran Lee|Leigh Jason Craig Gary|Garry Simon Ryan|Rian Adam Kevin Ian|Iain Martin|Martyn \
    Philip|Phillip Carl|Karl Wayne William Alan|Allan|Allen Nathan Dean|Deane Jamie|Jaimie Luke Liam Shaun|Sean|Shawn Neil|Neal Jonathan|Johnathan|Jonathon \
    Scott Benjamin Joseph Stuart|Stewart Ashley Graham|Graeme|Grahame Barry Jordan|Jordon Kieran|Kieron|Ciaran Aaron|Aron Alexander Nicholas|Nicolas \
    Gareth Kyle Jack Charles George Edward Samuel Patrick Gavin Terence|Terrence Raymond Keith Nigel Trevor Colin Geoffrey|Jeffrey|Jeffery Kenneth Bradley \
    Connor|Conor Callum|Calum Lewis|Louis Jake Joshua Dominic|Dominick Timothy Marcus Leon Damian|Damien Russell Shane Dale Curtis|Kurtis Reece|Rhys|Rees \
    Brett Ricky|Rickie Tyrone Ross Clive Derek|Derrick Brian|Bryan Ronald Leroy Delroy Winston Desmond Errol Junior Courtney Dwayne|Duane Jermaine Nathaniel";

const FEMALE: &str = "Sarah|Sara Claire|Clare Emma Nicola|Nichola Lisa Joanne|Joan|Jo-Anne Michelle|Michele Samantha Karen|Karin Louise Rebecca|Rebekah \
    Donna Rachel|Rachael Kelly|Kelley Amanda Julie Laura|Lora Tracey|Tracy|Tracie Victoria Susan Helen|Helena Jennifer Catherine|Katherine|Kathryn|Catharine \
    Kerry|Kerrie|Keri Gemma|Jemma Deborah|Debra Sharon|Sharron Elizabeth|Elisabeth Angela Amy|Aimee Stacey|Stacy|Stacie Natalie|Nathalie Stephanie Jane|Jayne \
    Charlotte Leanne|Leeanne|Lianne Zoe|Zoey Hayley|Hailey|Haley Lindsay|Lindsey|Lynsey Danielle Hannah|Hanna Jessica Dawn Alison|Allison Jacqueline|Jacquelyn \
    Kirsty|Kirstie|Kirsti Natasha Melissa Katie|Katy Lauren|Loren Sophie|Sofie Chantelle|Chantel|Shantelle Kimberley|Kimberly Jade|Jayde Carly|Carlie|Karly \
    Cheryl|Sheryl Lorraine Tina|Teena Maria Wendy Andrea Anna Ann|Anne Christine Margaret Patricia Heather Beverley|Beverly Tanya|Tania Holly|Hollie \
    Bethany Chloe Abigail|Abigale Megan|Meghan Naomi Alexandra Toni|Tony Vicky|Vikki Shelley|Shelly Marie Paula Diane|Dianne Theresa|Teresa Mandy Tara Lucy \
    Georgina Sally Gail|Gayle Denise Yvonne|Evonne Maxine Marcia Sonia|Sonya Beverly Sandra Simone Shanice Keisha Latoya Monique Marlene Valerie Pauline";

const SURNAMES: &str = "Smith|Smyth Jones Williams Taylor|Tayler Brown|Browne Davies|Davis Evans Wilson|Willson Thomas Johnson Roberts Walker Wright Robinson \
    Thompson|Thomson White|Whyte Hughes|Hughs Edwards Green|Greene Lewis|Louis Wood|Woods Harris|Harriss Martin Jackson Clarke|Clark|Clerk Turner Hill Cooper \
    Ward Morris|Maurice Moore|More|Moor Harrison King Baker Lee|Leigh Patel Morgan Allen|Allan James Scott Phillips|Philips Watson Davis|Davies Parker \
    Price|Pryce Bennett|Bennet Young|Younge Griffiths|Griffith Mitchell|Mitchel Kelly|Kelley Cook|Cooke Carter Richardson Bailey|Bayley|Baillie Collins|Collings \
    Bell Shaw Murphy Miller|Millar Cox|Cocks Khan Richards Ellis Marshall|Marshal Anderson|Andersen Simpson|Simson Adams Ali Wilkinson Foster|Forster \
    Chapman Powell Webb|Web Rogers|Rodgers Hunt|Hunte Mills Campbell|Campbel Gray|Grey Palmer Holmes|Homes Lloyd|Loyd Knight Matthews|Mathews Barnes Graham \
    Stevens|Stephens Butler Fisher Barker Jenkins Pearson|Pierson|Pearsons Dixon|Dickson Fletcher Russell|Russel Hunter Howard Andrews Elliott|Elliot|Eliot \
    Reynolds|Reynalds Ford|Forde Payne|Paine Fox Pearce|Pierce|Peirce Day West Brooks|Brookes Lawrence|Laurence Cole|Coles Bradley Spencer Atkinson Dawson \
    Gibson Wells Burton Hart|Harte Walsh|Walshe Hudson Rose Booth|Boothe Francis|Frances Dean|Deane Wallace|Wallis Saunders|Sanders Read|Reid|Reed Harvey \
    Hopkins Barrett|Barratt Armstrong Nicholls|Nichols|Nicholas Gardner|Gardiner Grant Williamson Carr|Kerr Nelson|Neilson Osborne|Osborn|Osbourne Perry|Perrie \
    Berry Potter Jordan Wheeler Curtis|Curtiss Byrne Newman Frost Woodward Sutton Parsons|Parson Bishop Hayes|Hays Page|Paige Willis Burns|Byrnes Bates Marsh \
    Sharp|Sharpe Lowe|Low Gilbert Hodgson Bird|Byrd Hewitt|Hewett Stone Lane|Layne Griffin Barber Watts|Watt Goodwin Freeman Hancock Austin|Austen Blake \
    Tucker Long Holland Nash Norris Pritchard|Prichard Rowe|Row Doyle Steele|Steel Hammond Townsend|Townshend Fuller Sinclair|St_Clair Bryant|Briant Lambert \
    Wade Bull Cross Morley Peacock Kirk|Kirke Coates|Cotes Dyer Whitehead Swift Savage|Savidge Thorpe|Thorp Weston Banks Briggs Warren Sykes|Sikes Gordon \
    Cunningham|Cuningham Haynes|Haines Manning Lynch Bond Moss Tyler Hobbs Chambers Preston Bentley Clayton Naylor|Nayler Sheppard|Shepherd|Shephard Stanley";

const BEGINNINGS: &str = "Ash Apple Black Brad Bram Bur Brook Cal Chad Clay Cran Crow Dal Den Dray Earn Eck East Elm Fair Fen Frob Gals Grim Hale Hard Hart Hather \
    Haw Hazel Hol Horn Hux Ing Kel Kim Lang Lath Ley Lin Lock Mal Mar Mel Mid Nor Oak Ol Orm Pem Pol Rad Rams Red Row Rush Sand Sed Sel Shep Skel Stan Sted \
    Stock Stan Stret Sud Tat Thorn Til Tran Under Wal War Wat Wen Whit Wid Win Wool Wor Yar";
const ENDS: &str = "ford ton ley well wood field by thorpe worth ham stead bridge man croft bury combe den hurst shaw wick bourne gate";

pub const ENGLISH: Names = Names {
    share: 52.0,
    male: MALE,
    female: FEMALE,
    surnames: SURNAMES,
    rare: (BEGINNINGS, ENDS),
    rare_share: 0.42,
    flatness: 6.0,
    custom: Custom::Plain,
};

pub const WELSH: Names = Names {
    share: 5.0,
    male: "Dafydd|David Rhys|Reece|Rees Gareth|Garath Huw|Hugh Ieuan|Euan|Iwan Owain|Owen Aled Dylan|Dillon Geraint Gethin Hywel|Howell Ifan|Evan Llyr Emyr Sion|Shaun \
        Tomos|Thomas Gwyn Bryn Carwyn Iestyn Steffan|Stephen Rhodri Meirion Alun|Alan Idris Craig Lee Christopher Michael Mark Andrew Paul Gavin Ryan Jamie",
    female: "Sian|Shan Rhian|Rian Cerys|Kerys Bethan Megan|Meghan Carys|Caris Angharad Nia Elin|Ellen Ffion|Fion Catrin|Katrin Eleri Gwen|Gwyn Lowri Mari \
        Rhiannon|Rhianon Cari Delyth Heledd Manon Seren Tegan Non Ceri|Kerry Eirlys Bronwen|Bronwyn Sara Emma Kelly Claire Nicola Donna Leanne Kirsty Lisa",
    surnames: "Jones Davies|Davis Williams|William Evans|Evan Thomas Roberts Lewis|Lewys Hughes|Hughs Morgan|Morgans Griffiths|Griffith Edwards Owen|Owens Rees|Rhys|Reese \
        James Price|Pryce|Prys Morris Phillips|Philips Lloyd|Llwyd|Loyd Jenkins|Jenkin Richards Parry|Parrie Powell|Powel Ellis|Elis Harris Davis John|Johns Llewellyn|Llewelyn|Llywelyn \
        Vaughan|Vaughn Howells|Howell|Hywel Pritchard|Prichard Bowen|Bowens Watkins Humphreys|Humphries|Humphrys Bevan|Bevans Hopkins Beynon|Baynon Gwynne|Gwyn|Wynne Probert \
        Protheroe|Prothero Cadwallader|Cadwalader Meredith|Meredydd Tudor Penry Gethin Bebb Yorath Mostyn Nanney Trevor Wigley Breeze Tannatt",
    rare: (BEGINNINGS, ENDS),
    rare_share: 0.12,
    flatness: 3.5,
    custom: Custom::Plain,
};

pub const IRISH: Names = Names {
    share: 6.0,
    male: "Patrick|Padraig Sean|Shaun|Seán|Shane Michael|Micheal John James Thomas Daniel|Donal Liam Kevin|Caoimhin Brendan|Brendon Declan|Deaglan Ciaran|Kieran|Kieron Niall|Neil|Nial Conor|Connor \
        Eoin|Owen|Eoghan Padraig|Patrick Martin Gerard|Gerrard Dermot|Diarmuid Cormac|Cormack Fergus|Fergal Brian|Bryan Eamon|Eamonn|Edmund Rory|Ruairi Colm|Colum Aidan|Aiden Cathal|Cahal Seamus|Shamus \
        Donal|Donald Finbar|Finbarr Oisin|Osheen Darragh|Dara Cian|Kian Miley Martin Bernard Hughie Jimmy Simon Francis",
    female: "Mary|Maire Siobhan|Shevaun|Siobhán Bridget|Brigid|Bridgit Margaret|Mairead Kathleen|Cathleen|Caitlin Sinead|Sinéad|Shinaid Aoife|Eefa Niamh|Neve|Neave Orla|Orlagh Grainne|Gráinne|Grania \
        Ciara|Kiera|Keira Maeve|Meabh|Maev Nuala|Noola Deirdre|Deirdra Roisin|Róisín|Rosheen Caoimhe|Keeva|Kweeva Eileen|Aileen Noreen|Norin Breda|Breeda Una|Oonagh Fionnuala|Finola \
        Clodagh|Cloda Aisling|Ashling|Aislin Nora|Norah Winifred Philomena|Filomena Bernadette Teresa|Theresa Geraldine Sheila|Sheelagh Ann|Anne Patricia Josephine Catherine",
    surnames: "Murphy|Murphey Kelly|O'Kelly|Kelley O'Brien|OBrien|O'Brian|Ó_Briain Walsh|Walshe|Welsh Ryan|O'Ryan O'Connor|OConnor|O'Conner|Connor Doyle|O'Doyle McCarthy|MacCarthy|Mc_Carthy Gallagher|Gallacher|Galagher \
        Doherty|O'Doherty|Docherty|Dougherty O'Neill|ONeill|O'Neil|O'Neal Kennedy|Kenedy Lynch Murray|Murry Quinn|Quin McLoughlin|McLaughlin|MacLoughlin|McLachlan O'Carroll|Carroll|Carrol Connolly|Connelly|Conolly \
        Daly|Daley|Dailey Wilson Dunne|Dunn|Dun Brennan|Brenan Burke|Burk|Bourke Collins Campbell Clarke|Clark Johnston|Johnstone Hughes O'Farrell|Farrell|Farrel Fitzgerald|Fitz_Gerald|FitzGerald Brown Martin Maguire|McGuire|MacGuire \
        Nolan|Nolen Flynn|Flinn O'Donnell|Donnell|O'Donnel Duffy|Duffey Mahony|O'Mahony|Mahoney Boyle|O'Boyle Healy|Healey O'Shea|Shea|O'Shay Sweeney|Sweeny|McSweeney Hayes Kavanagh|Cavanagh|Kavanaugh Power|Powers \
        McGrath|MacGrath|Mc_Grath Moran|Morran Brady Stewart Casey|O'Casey Foley|Fowley Fitzpatrick|Fitz_Patrick O'Leary|Leary|O'Leery McDonnell|MacDonnell|McDonald Donnelly|Donelly Regan|O'Regan|Reagan \
        Ward|McWard Connors|Conners|O'Connors Cash Delaney|Delany Maughan|Maugham|Mongan McDonagh|McDonough|MacDonagh Stokes Joyce Coffey|Coffee Hanrahan Tierney|Tierny Purcell|Purcel Dooley|Dooly Rooney|Roony",
    rare: (
        "O'Bran|OBran O'Cal|Cal O'Dris|Dris O'Fla|Fla O'Hal|Hal O'Mal|Mal O'Rior|Rior McAr|MacAr McCor|MacCor McDer|MacDer McGil|MacGil McNam|MacNam Gil Kil Mul Hen Den Car Lav Cul Ker Ros",
        "lagan nigan lahan verty nessy dan ligan rigan loney ran ligott mody",
    ),
    rare_share: 0.2,
    flatness: 9.0,
    custom: Custom::Plain,
};

pub const SCOTTISH: Names = Names {
    share: 4.0,
    male: "James John William David Robert Andrew Ian|Iain Alan|Allan|Alun Alistair|Alasdair|Alastair|Alister Craig Scott Stuart|Stewart Graeme|Graham|Grahame Gordon Kenneth Colin Fraser|Frazer Ross Hamish Callum|Calum Ewan|Euan|Ewen Duncan \
        Angus Murray Gregor|Greigor Finlay|Findlay|Finley Rory|Ruaridh Lewis Kyle Jamie Blair Neil Keith Malcolm|Malcom Bruce Douglas|Duglas Donald Archibald Gary|Garry Steven|Stephen",
    female: "Margaret Fiona|Ffiona Morag|Morrag Kirsty|Kirstie|Kirstin Eilidh|Ailidh|Ayleigh Isla|Ila Catriona|Katrina|Caitriona Moira|Moyra Elspeth|Elspet Ailsa|Elsa Shona|Shonagh Mairi|Mhairi|Marie Isobel|Isabel|Isabelle Heather Lorna|Laurna Lynne|Lyn|Lynn Linda|Lynda \
        Jean|Jeanne Agnes Elaine|Elayne Gillian|Jillian Karen Angela Nicola Michelle Pamela Yvonne Rhona|Rona Senga Leanne Ashley|Ashleigh Amy Kayleigh|Kayley|Kaylee",
    surnames: "Smith Brown|Broun Wilson Campbell|Cambell Stewart|Stuart|Steuart Thomson|Thompson Robertson|Robinson Anderson MacDonald|McDonald|Macdonald|Mac_Donald Scott|Scot Reid|Read|Reed Murray|Murry Taylor Clark|Clarke Mitchell Ross Walker Paterson|Patterson|Pattison \
        Young Watson Morrison|Morison Miller|Millar Fraser|Frazer|Frasier Davidson|Davison Gray|Grey McKenzie|MacKenzie|Mackenzie Henderson|Hendersen Johnston|Johnstone Hamilton|Hamelton Graham|Grahame Kerr|Carr|Ker Simpson|Simson Martin Ferguson|Fergusson|Furguson Cameron|Camron \
        Duncan|Dunkan Hunter Kelly Bell Grant MacKay|McKay|Mackay|McKie MacLeod|McLeod|Macleod|McCloud Allan|Allen Black Russell|Russel Wallace|Wallis Marshall Gibson Sutherland|Southerland McLean|MacLean|McClean|Maclean Sinclair|Sinclare Gordon|Gorden Burns|Byrnes Craig|Craigie \
        Docherty|Doherty McIntosh|MacIntosh|Mackintosh Rankin|Rankine McMillan|MacMillan|McMillen Douglas|Duglas Kidd|Kid Baird|Beard McGregor|MacGregor Buchanan|Buchannan McCulloch|McCullough|MacCulloch Drummond Lennox Menzies|Mingis Urquhart|Urquart Farquharson",
    rare: (BEGINNINGS, ENDS),
    rare_share: 0.15,
    flatness: 12.0,
    custom: Custom::Plain,
};
