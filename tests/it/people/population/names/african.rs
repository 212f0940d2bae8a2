//! Names of families from West Africa, from Somalia and from the Arab countries.

use super::{Custom, Names};

pub const WEST_AFRICAN: Names = Names {
    share: 3.0,
    male: "Emmanuel|Emanuel Oluwaseun|Seun|Oluseun Babatunde|Tunde|Babatundé Adebayo|Bayo|Adebajo Chukwuemeka|Emeka|Chukuemeka Ikechukwu|Ike|Ikechuku Olumide|Olumidé Kwame|Kwami|Kwami Kofi|Coffie|Koffi Samuel|Samual Daniel Joseph|Josef Oluwatobi|Tobi|Oluwatobiloba Ifeanyi|Ifeyani Chinedu|Nedu|Chinadu Adewale|Wale|Adewalé \
        Femi|Olufemi|Oluwafemi Segun|Olusegun Obinna|Obina Uchenna|Uche|Uchena Kwabena|Kobina|Kwabina Yaw|Yao Kwaku|Kweku|Kwakou Kojo|Cudjoe Ebenezer|Ebeneza Isaac|Isaak Festus Sunday Godwin|Goodwin Temitope|Tope Ayodeji|Deji|Ayodegi Nnamdi|Namdi Abiodun|Biodun Oladipo|Dipo Lamin|Lameen Ousmane|Usman Mamadou|Mamadu",
    female: "Blessing|Blesing Grace|Gracie Oluwaseyi|Seyi Funmilayo|Funmi|Funmilola Abimbola|Bimbola|Bimbo Adaeze|Ada|Adaese Chioma|Chiomah Ngozi|Ngosi Yetunde|Yetundé|Iyetunde Folake|Folaké Abena|Abenaa Akosua|Akosuah Ama|Amma Efua|Efia Adwoa|Adjoa|Ajoa Comfort Patience|Pacience Mercy Esther|Ester Ruth|Ruthe Titilayo|Titi Bukola|Bukky|Bukolah \
        Ifeoma|Ify|Ifeomah Amaka|Chiamaka|Amaca Nneka|Neka Temitope|Temi Omolara|Lara|Omolora Kehinde|Kenny Taiwo|Taye Adenike|Nike|Adeniké Precious Gloria Felicia|Felisha Abosede|Bose Fatoumata|Fatou|Fatumata Isatou|Aisatou",
    surnames: "Adeyemi|Adeyemy Okafor|Okafo|Okafour Mensah|Mensa Owusu|Owusuh Boateng|Boaten|Botang Okonkwo|Okonkwor Asante|Ashanti|Asanti Osei|Osie|Ossei Adebayo|Adebajo Balogun|Ballogun Eze|Ezeh Nwosu|Nwosuh Appiah|Apiah|Appia Ogunleye|Ogunleyé Bello|Belo Ibrahim Okoro|Okorro Agyemang|Agyeman|Adjei-Mang Amoah|Amoa Antwi|Antwy Darko|Dako \
        Obi|Obie Ojo|Ojoh Lawal|Lawall Afolabi|Afolaby Olatunji|Olatunde Onyango Acheampong|Achampong Addo|Ado|Addoh Amponsah|Ampansah Oduya|Odua Ogbonna|Ogbona Chukwu|Chuku|Chukwuh Kamara|Camara Sesay|Sessay|Cessay Koroma|Karoma Conteh|Konteh|Conté Jallow|Diallo|Jalloh Ceesay|Sesay|Cisse Bangura|Bangoura Williams Johnson Cole|Coker Jammeh|Jameh",
    rare: (
        "Ade Olu Ogun Oye Baba Ola Oni Aki Fa Ayo Chukwu Nwa Oko Onu Ama Uzo Ani Ike Owu Ado",
        "wale sanya bola mide kunle yinka shola niyi dele moye nna kwe zie dike chie ma lobi",
    ),
    rare_share: 0.45,
    flatness: 10.0,
    custom: Custom::Plain,
};

pub const SOMALI_AND_ARAB: Names = Names {
    share: 2.5,
    male: "Mohamed|Mohammed|Maxamed|Muhammad Abdi|Cabdi Ahmed|Axmed|Ahmad Ali|Cali|Aly Hassan|Xasan|Hasan Hussein|Xuseen|Hussain Omar|Cumar|Umar Yusuf|Yuusuf|Yousef|Youssef Ibrahim|Ibraahim|Ebrahim Abdullahi|Cabdulaahi|Abdulahi Abdirahman|Abdirahmaan|Abdulrahman Ismail|Ismaaciil|Ismael Osman|Cusmaan|Othman Mahamud|Maxamuud|Mahmoud Farah|Faarax|Fara \
        Jama|Jaamac|Jamaa Warsame|Warsama Khalid|Khaled|Khaalid Bashir|Bashiir|Basheer Mustafa|Mustapha|Moustafa Karim|Kareem Tarek|Tariq|Tarik Samir|Sameer Said|Saeed|Sayid Nur|Noor|Nuur Adan|Aden|Aadan Guled|Guuleed Liban|Liibaan Mahdi|Mehdi Salah|Saleh Walid|Waleed Rashid|Rachid Bilal|Billel",
    female: "Amina|Aamina|Aminah Fatima|Faadumo|Fadumo|Fatuma Asha|Caasha|Aisha Hodan|Hodhan Halima|Xaliimo|Halimo Khadija|Khadiija|Hadija Maryan|Maryam|Mariam Ifrah|Ifraax Nimo|Nimco|Nimao Sahra|Zahra|Sahro Hawa|Xaawo|Hawo Safia|Safiya|Saafi Ayan|Ayaan Ubah|Ubax Muna|Mona|Mouna Leila|Layla|Laila Nadia|Nadya Samira|Sameera Yasmin|Yasmiin|Yasmine Deqa|Deka|Deeqa \
        Rahma|Raxma Sagal|Sagaal Iman|Imaan Hibo|Hiba Nasra|Nasro Zeinab|Zaynab|Saynab Salma|Selma Rania|Raniya Huda|Houda Dina|Deena",
    surnames: "Mohamed|Mohammed|Maxamed|Mohamud Ali|Cali|Aly Ahmed|Axmed|Ahmad Hassan|Xasan|Hasan Abdi|Cabdi Hussein|Xuseen|Hussain Omar|Cumar|Umar Yusuf|Yuusuf|Youssef Ibrahim|Ibraahim Abdullahi|Abdulahi|Cabdulaahi Farah|Faarax Jama|Jaamac|Jamaa Osman|Cusmaan|Othman Warsame|Warsama Nur|Noor|Nuur Adan|Aden|Adam Ismail|Ismael Mahamud|Mahmoud|Maxamuud \
        Al-Masri|El-Masry|Almasri Haddad|Hadad El-Sayed|Al-Sayed|Elsayed Mansour|Mansoor|Mansur Khalil|Khaleel|Halil Saleh|Salah|Salih Abdel-Rahman|Abdulrahman|Abd_al-Rahman Aziz|Azeez Benali|Ben_Ali|Bin_Ali Bouzid|Bouzide Nasser|Naser|Nasr Al-Hussaini|Alhussaini|El-Husseini Abu_Bakr|Abubakar|Aboubakr Karimi|Kareemi Rahmani|Rahmany Ahmadi|Ahmady Mohammadi|Muhammadi Hamid|Hameed",
    rare: (
        "Al- El- Abu_ Ben Bou Abdel- Abdi Haji_",
        "Khatib Sabbagh Rashidi Jabari Tamimi Zaidi Qasim Faris Nouri Ghazi Hakim Salam Fattah rahim karim weli",
    ),
    rare_share: 0.15,
    flatness: 5.0,
    custom: Custom::Chain,
};
