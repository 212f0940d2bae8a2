//! Names of families from Pakistan, Bangladesh and India, and from China and Vietnam.

use super::{Custom, Names};

pub const SOUTH_ASIAN_MUSLIM: Names = Names {
    share: 7.0,
    male: "Mohammed|Muhammad|Mohammad|Mohamed|Muhammed|Mohamad Ali|Aly Abdul|Abdool|Abdal Imran|Emran|Imraan Usman|Osman|Uthman Asif|Aasif|Asef Tariq|Tarik|Tareq Ahmed|Ahmad|Ahmet Bilal|Belal|Billal Hassan|Hasan|Hassaan Omar|Umar|Omer Adnan|Adnaan Shahid|Shaheed Kamran|Camran Nadeem|Nadim Khalid|Khaled|Kalid \
        Yasir|Yaser|Yassir Faisal|Faysal|Feisal Zahid|Zaheed Sajid|Sajeed|Sajjid Hamza|Hamzah Amir|Aamir|Ameer Wasim|Waseem|Vaseem Naveed|Navid|Naveid Arshad|Irshad Ibrahim|Ebrahim Rashid|Rasheed|Rashed Kashif|Kashiff Zeeshan|Zishan Junaid|Junayd|Juned Shafiq|Shafique|Shafeeq Aftab|Aftaab \
        Iqbal|Eqbal Saeed|Said|Sayeed Tahir|Taher Yusuf|Yousaf|Yousuf|Yousef|Josef Ismail|Ismael|Esmail Rahim|Raheem Kabir|Kabeer Shah_Alam Nazrul|Nazrool Habib|Habeeb Jamal|Jamaal Mizanur Rafiq|Rafique Aziz|Azeez",
    female: "Fatima|Fatimah|Fathima|Fatema Ayesha|Aisha|Aysha|Aesha Zainab|Zaynab|Zeinab Sadia|Sadiya|Saadia Nadia|Nadiya Saima|Saimah|Sayma Shazia|Shaziya Samina|Sameena|Saminah Farah|Fara Rukhsana|Ruksana|Roksana Nasreen|Nasrin|Nazreen Shabana|Shabanah Maryam|Mariam|Meriam Khadija|Khadijah|Kadija Amina|Aminah|Ameena \
        Sumaira|Sumera|Sumayra Hina|Heena Rabia|Rabiya|Rabiah Noreen|Nureen Tahira|Taheera Yasmin|Yasmeen|Jasmin|Jasmine Shamim|Shameem Iram|Erum|Irum Bushra|Bushrah Uzma|Ozma Sana|Sanah Asma|Asmah|Esma Halima|Haleema Rehana|Rihana Nazia|Naziya Parveen|Parvin|Perveen Razia|Raziya Salma|Selma Tasneem|Tasnim Mehwish|Mahwish",
    surnames: "Khan|Kahn Ahmed|Ahmad|Ahmet|Achmed Ali|Aly Hussain|Hussein|Husain|Hossain|Hossein Begum|Begam|Begom Akhtar|Akhter|Aktar Mahmood|Mehmood|Mahmud Iqbal|Eqbal Malik|Malick|Malek Shah|Shaah Rahman|Rehman|Raman Islam Miah|Mia|Miya|Mian Uddin|Udin|ud-Din Bibi|Beebee Mohammed|Muhammad|Mohammad|Mohamed Chowdhury|Choudhury|Chaudhry|Choudhry|Chowdury Hassan|Hasan \
        Mirza|Meerza Sheikh|Shaikh|Sheik Butt|But|Bhatt Aslam|Aslaam Rashid|Rasheed Hussaini Qureshi|Quraishi|Kureshi Siddique|Siddiqui|Sidiqui|Siddiq Khatun|Khatoon Mahmud Bashir|Basheer Raja|Rajah Abbas|Abbass Ashraf|Ashref Saleem|Salim|Salem Javed|Javaid|Jawed Yousaf|Yusuf|Yousuf Nawaz|Navaz Parveen|Parvin Haque|Haq|Hoque|Huq Zaman Kauser|Kousar|Kausar \
        Bano|Banoo Riaz|Riyaz Sultan|Sultana Latif|Lateef Anwar|Anwer Ghani|Gani Karim|Kareem Mughal|Mogul Sarwar|Server Rafiq|Rafique Bhatti|Bhati Sadiq|Sadique|Saddiq Tariq|Tarik Alam|Alom Akram Farooq|Faruk|Farouk Patel|Patal Dar|Darr Majid|Majeed",
    rare: (
        "Abdul Gul Shams Nizam Jalal Kamal Fakhr Sadr Badr Qamar Taj Zia Nur Muj Saif Imad Alim Ghias Raf Moin",
        "uddin ur-Rahman ullah -ul-Haq zada i pur uzzaman",
    ),
    rare_share: 0.12,
    flatness: 3.0,
    custom: Custom::SecondName,
};

pub const PUNJABI_AND_HINDU: Names = Names {
    share: 4.0,
    male: "Gurpreet|Gurprit Harpreet|Harprit Jaswinder|Jaswindar|Jasvinder Sukhdev|Sukdev Balwinder|Balvinder Rajesh|Rajash Manjit|Manjeet Amandeep|Amandip Jasbir|Jasbeer Surinder|Surender Kulwinder|Kulvinder Sandeep|Sandip Ravinder|Ravindar Harjit|Harjeet Vijay|Vijai|Wijay Sanjay|Sanjai Anil|Aneel Sunil|Suneel \
        Amit|Ameet Rakesh|Rakash Deepak|Dipak Ashok|Ashoke Mukesh|Mukash Nitin|Niteen Rahul|Raahul Kiran|Kieran Paramjit|Paramjeet Gurdeep|Gurdip Baljit|Baljeet Satnam|Sutnam Jagdeep|Jagdip Davinder|Devinder Kuldip|Kuldeep Bhavesh|Bavesh Dinesh|Dinash Hitesh|Hitash Jayesh|Jayash Pritesh",
    female: "Manjit|Manjeet Jaswinder|Jasvinder Kulwinder|Kulvinder Harpreet|Harprit Amarjit|Amarjeet Balwinder|Balvinder Paramjit|Paramjeet Gurpreet|Gurprit Sunita|Suneeta Anita|Aneeta Priya|Preya Rajinder|Rajender Surinder|Surender Kiran|Kiren Neelam|Nilam Meena|Mina Pooja|Puja Rekha|Reka Sangeeta|Sangita \
        Geeta|Gita Nisha|Neesha Hardeep|Hardip Navdeep|Navdip Rupinder|Rupindar Jasmeet|Jasmit Bhavna|Bavna Hina|Heena Daksha|Daxa Jyoti|Joti Asha|Aasha Usha|Oosha Lakshmi|Laxmi Seema|Sima Kavita|Kaveeta Shilpa|Silpa",
    surnames: "Singh|Sing|Sinh Kaur|Kour|Cour Patel|Patal|Pattel Sharma|Sarma Kumar|Kumaar Shah|Sha Gill|Gil Sandhu|Sandu|Sindhu Sidhu|Sidhoo|Siddhu Dhillon|Dillon|Dhilon Grewal|Garewal|Grewall Dhaliwal|Dhaliwall|Daliwal Bains|Baines|Bainse Mistry|Mistri Desai|Dessai Joshi|Joshie Gupta|Gupte Chauhan|Chohan|Chouhan \
        Sahota|Sahotta Johal|Johall Uppal|Upal Virdee|Virdi|Birdi Bhogal|Bogal Parmar|Parmer Solanki|Solanky Mann|Man Atwal|Atwall Cheema|Chima Rai|Ray|Roy Randhawa|Randawa Khera|Kheira Purewal|Purewall Basra|Basrah Kang|Kaang Lal|Lall Thakur|Thakor|Takur Verma|Varma Reddy|Reddi Nair|Nayar Das|Dass Malhotra|Malotra",
    rare: (
        "Bhamb Chand Dhar Gand Jagd Kalr Kand Lakh Mand Nagr Panes Rand Sang Sekh Tathg Vas Wad Hans Chad Bass",
        "a i al hi ra wal ar an ria eja",
    ),
    rare_share: 0.2,
    flatness: 4.0,
    custom: Custom::SinghKaur,
};

pub const CHINESE_AND_VIETNAMESE: Names = Names {
    share: 2.5,
    male: "Văn_Hùng|Van_Hung Minh|Ming Tuấn|Tuan Dũng|Dung Quang|Kwang Thanh|Than Hải|Hai Đức|Duc Nam|Nahm Long|Lung Wei|Wai Jun|Chun Ming|Meng Chi_Keung|Chikeung Wai_Man|Waiman Kin_Wah|Kinwah Siu_Ming|Siuming Jian|Chien|Jian-Guo Hao|Ho Tao|Tau Lei|Lay Kai|Kae Xiao_Long|Xiaolong Yong|Yung Zhi_Wei|Zhiwei|Chih-Wei Khanh|Khan Sơn|Son Trung|Chung Phúc|Phuc",
    female: "Thị_Hoa|Thi_Hoa|Hoa Lan|Lann Mai|My|May Hương|Huong Thị_Thu|Thi_Thu|Thu Linh|Lin Ngọc|Ngoc Trang|Trangh Phương|Phuong Hằng|Hang Mei|May|Mei-Ling Li|Lee|Lei Xiu_Ying|Xiuying Yan|Yen|Yin Ling|Lin Fang|Fong Hui|Hwei Jing|Ching Siu_Ling|Siuling Mei_Fong|Meifong Wai_Yee|Waiyee Yuk_Ling|Yukling Na|Nah Qing|Ching Thảo|Thao Vân|Van Yến|Yen Oanh|Oan",
    surnames: "Nguyễn|Nguyen|Nguyan|Ngyuen Trần|Tran Lê|Le Phạm|Pham|Fam Huỳnh|Huynh|Huyn Hoàng|Hoang Vũ|Vu|Vo Chen|Chan|Chin Wang|Wong Li|Lee|Lei Zhang|Cheung|Chang Liu|Lau|Liew Lin|Lam|Lim Yang|Yeung|Young Huang|Wong|Hwang Wu|Ng|Ing Zhou|Chow|Chau Xu|Tsui|Hsu Zhu|Chu Đặng|Dang Bùi|Bui Đỗ|Do Ngô|Ngo Dương|Duong Lý|Ly Tang|Tong Ho|He Ma|Mar Yip|Ye Tsang|Zeng Kwok|Guo Leung|Liang Cheng|Zheng|Tseng",
    rare: (
        "Ouyang Szeto Sima Tse Fung Lok Poon Mak Hui Kwan Lui Yau Chiu Sin Quach Thach Luong|Lương Mạc|Mac Tạ|Ta",
        "_",
    ),
    rare_share: 0.12,
    flatness: 3.0,
    custom: Custom::SurnameFirst,
};
