//! Names of Polish, Romanian, Portuguese and Brazilian families.

use super::{Custom, Names};

pub const POLISH: Names = Names {
    share: 6.0,
    male: "Piotr|Peter|Pjotr Krzysztof|Christopher|Kristof Andrzej|Andrew|Andrej Tomasz|Thomas|Tomas Paweł|Pawel|Paul Jan|John Michał|Michal|Michael Marcin|Martin Jakub|Jacob|Kuba Adam Łukasz|Lukasz|Lucas|Luke Grzegorz|Gregory|Gregor Mateusz|Matthew|Mateus \
        Wojciech|Wojtek|Voytek Mariusz|Marius Dariusz|Darius|Darek Maciej|Matthew|Macej Rafał|Rafal|Raphael Robert Kamil Jacek|Jatsek Jerzy|George|Jezy Sławomir|Slawomir|Slavomir Damian Dawid|David Zbigniew|Zbignew Artur|Arthur Sebastian Przemysław|Przemyslaw|Przemek \
        Radosław|Radoslaw|Radek Szymon|Simon|Shimon Bartosz|Bartek|Bartosh Arkadiusz|Arek Janusz|Janush Konrad|Conrad Patryk|Patrick Adrian Bogdan Leszek|Leshek Zdzisław|Zdzislaw",
    female: "Anna|Ania Katarzyna|Kasia|Katarina Małgorzata|Malgorzata|Margaret Agnieszka|Agnes|Agneshka Joanna|Joana Barbara|Basia Ewa|Eva Magdalena|Magda Monika|Monica Elżbieta|Elzbieta|Elizabeth Aleksandra|Alexandra|Ola Krystyna|Christina|Kristina Karolina|Carolina Zofia|Sofia|Sophia \
        Marta|Martha Justyna|Justina Natalia|Natalie Dorota|Dorothy Beata|Beatha Paulina|Paula Sylwia|Sylvia|Silvia Izabela|Isabella|Izabella Iwona|Ivona|Yvonne Renata Edyta|Edith|Edita Aneta|Anetta Kinga Wioletta|Violetta|Wioleta Jolanta|Yolanta Danuta|Danuta Ilona Grażyna|Grazyna",
    surnames: "Nowak|Novak Kowalski|Kovalski Wiśniewski|Wisniewski|Vishnievski Wójcik|Wojcik|Voytsik Kowalczyk|Kowalchyk Kamiński|Kaminski Lewandowski|Levandowski Zieliński|Zielinski Szymański|Szymanski|Shymanski Woźniak|Wozniak Dąbrowski|Dabrowski|Dombrowski Kozłowski|Kozlowski Jankowski|Yankowski \
        Mazur|Mazor Wojciechowski|Vojciechowski Kwiatkowski|Kviatkowski Krawczyk|Kravczyk Kaczmarek|Kachmarek Piotrowski|Piotrovski Grabowski|Grabovski Zając|Zajac|Zayac Pawłowski|Pawlowski Michalski|Mihalski Król|Krol|Krull Nowakowski|Novakowski Wieczorek|Vieczorek \
        Wróbel|Wrobel Jabłoński|Jablonski Adamczyk|Adamchik Dudek|Dudeck Majewski|Mayewski Stępień|Stepien Olszewski|Olshewski Jaworski|Javorski Malinowski|Malinovski Pawlak|Pavlak Górski|Gorski Witkowski|Vitkowski Walczak|Valczak Sikora|Sikorra Rutkowski|Rutkovski Baran|Barran Michalak Szewczyk|Shevchyk Ostrowski|Ostrovski Tomaszewski|Tomashewski Pietrzak|Pietrzack",
    rare: (
        "Bor Brzez Bud Bystr Chmiel Chrzan Cies Czar Dob Droz Gaj Glow Gran Grusz Jas Jez Kal Kalin Karp Klim Kras Krup Kruk Kuch Lip Lis Mak Mal Miel Mroz Ogon Olech Ork Osin Pias Piec Podl Przyb Rad Rog Roz Sad Skow Sok Sos Star Szczep Szyd Tok Trzc Urb Wal Wierz Wit Wolsk Zab Zar Zych",
        "owski ewski inski ak czyk ik ek icz owicz ewicz ecki acki",
    ),
    rare_share: 0.4,
    flatness: 10.0,
    custom: Custom::WomensForm,
};

pub const ROMANIAN: Names = Names {
    share: 4.0,
    male: "Andrei|Andre Alexandru|Alexander|Alex Gheorghe|George|Georghe Ion|Ioan|John Vasile|Vasili Constantin|Constantine Mihai|Mihail|Michael Nicolae|Nicolai|Nicolas Ionuț|Ionut|Ionutz Florin|Florian Marian|Marion Cristian|Christian|Kristian Daniel Adrian Gabriel Marius|Marios Bogdan Ștefan|Stefan|Stephan \
        Cosmin Cătălin|Catalin Dumitru|Dimitru Costel Viorel Sorin Lucian Ciprian Razvan|Răzvan Petru|Petre|Peter Dragoș|Dragos Vlad|Vladimir Claudiu|Claudio Iulian|Julian Radu Liviu|Livio Ovidiu|Ovidio",
    female: "Maria|Marie Elena|Helena|Ellena Ioana|Joanna|Ionna Andreea|Andrea Mihaela|Michaela|Mihaella Ana|Anna Cristina|Christina|Kristina Alexandra|Aleksandra Daniela|Daniella Gabriela|Gabriella Florentina|Florina Nicoleta|Nicoletta Simona Roxana|Roxanna Alina|Alena Georgiana|Georgina Mariana|Marianna Oana|Oanna \
        Raluca|Raluka Bianca|Bianka Diana Larisa|Larissa Claudia Lavinia Adina Iuliana|Juliana Loredana Monica|Monika Camelia|Camellia Ramona Denisa|Denissa Ștefania|Stefania",
    surnames: "Popa|Poppa Popescu|Popesku Ionescu|Ionesku Radu|Raddu Dumitru|Dimitru Stan|Stann Stoica|Stoika Gheorghe|Georghe Rusu|Russu Munteanu|Muntianu Constantin|Konstantin Matei|Mattei Marin|Maryn Dinu|Dino Ciobanu|Chiobanu Moldovan|Moldovanu Lazăr|Lazar Florea|Floria Dobre Barbu|Barbo Ungureanu|Ungurianu \
        Mihai|Mihay Nistor|Nister Tudor|Tudorr Cristea|Christea Șerban|Serban|Sherban Oprea|Opria Niculae|Nicolae Toma|Tomma Lungu|Longu Preda Vasile Voicu|Voiku Olteanu|Oltianu Sandu|Sando Neagu|Niagu Covaci|Kovaci|Covachi Lupu|Lupo Manea|Mania Țurcanu|Turcanu Petrescu|Petresku Cojocaru|Kojocaru",
    rare: (
        "Alb Ant Bac Bel Berc Bog Bot Buc Cal Can Cor Cost Crac Dan Dim Drag Filip Gavr Gherm Grig Ior Lup Mar Mih Mor Nic Negr Pan Pav Pet Rot Sav Sim Stef Ter Tom Vad Vlad Zam",
        "escu eanu aru oiu ache ciuc iuc uta ea an",
    ),
    rare_share: 0.35,
    flatness: 10.0,
    custom: Custom::Plain,
};

pub const PORTUGUESE: Names = Names {
    share: 4.0,
    male: "José|Jose|Joseph João|Joao|John António|Antonio|Anthony Manuel|Manoel Francisco|Fransisco Carlos|Karlos Paulo|Paolo Pedro|Petro Luís|Luis|Luiz Miguel|Michael Rui|Ruy Nuno|Nunno Jorge|George Tiago|Thiago Ricardo|Richardo Bruno Fernando Daniel Diogo|Diego Hugo Sérgio|Sergio \
        Marco|Marcos Rafael|Raphael Filipe|Felipe|Philip Gonçalo|Goncalo André|Andre Vítor|Vitor|Victor Eduardo|Edward Hélder|Helder Joaquim|Joachim Rogério|Rogerio Wellington Wesley Anderson",
    female: "Maria|Marie Ana|Anna Isabel|Isabela|Isabelle Teresa|Theresa Catarina|Catherine Sandra Carla|Karla Cristina|Christina Paula Sónia|Sonia|Sonya Marta|Martha Patrícia|Patricia Fátima|Fatima Joana|Joanna Rita Helena|Elena Filipa|Philippa Susana|Susanna Inês|Ines|Inez Mariana|Marianna Conceição|Conceicao \
        Luísa|Luisa|Louisa Fernanda Vanessa|Vanesa Beatriz|Beatrice Sara|Sarah Cátia|Catia|Katia Daniela|Daniella Juliana Adriana Simone Liliana Rosa",
    surnames: "Silva|da_Silva|Sylva Santos|dos_Santos Ferreira|Fereira|Ferrera Pereira|Perreira Oliveira|de_Oliveira|Olivera Costa|da_Costa Rodrigues|Rodriguez Martins|Martines Jesus|de_Jesus Sousa|de_Sousa|Souza|D'Souza Fernandes|Fernandez Gonçalves|Goncalves|Gonzalves Gomes|Gomez Lopes|Lopez Marques|Marquez Alves|Alvez \
        Almeida|de_Almeida Ribeiro|Ribero Pinto Carvalho|de_Carvalho Teixeira|Teixera Moreira|Morera Correia|Correa Mendes|Mendez Nunes|Nunez Soares|Suares Vieira|Viera Monteiro|Montero Cardoso|Cardozo Rocha|da_Rocha Neves|das_Neves Coelho|Coello Cruz|da_Cruz Cunha|da_Cunha Pires|Piras Ramos Reis|dos_Reis Simões|Simoes Antunes Matos|de_Matos Fonseca|da_Fonseca Araújo|Araujo Barbosa|Barboza",
    rare: (
        "Alb Alc And Arr Azev Barr Bat Bor Brag Cal Cam Cast Cord Dom Esp Far Fig Frag Gal Gar Guer Lac Leit Mag Med Mor Nog Pacht Paiv Pass Peix Quint Rang Sal Seq Tav Val Varg Vel",
        "eira ado edo ares ela inho oso al ães oes eda ido",
    ),
    rare_share: 0.25,
    flatness: 9.0,
    custom: Custom::TwoSurnames,
};
