#include "market_words.h"

#include <stddef.h>

#define N_OF(a) (int)(sizeof(a) / sizeof((a)[0]))

const struct words_brand market_words_brands[] = {
	{ .ko = "나이키", .en = "NIKE", .kinds = 15, .percent = 80 },
	{ .ko = "아디다스", .en = "adidas", .kinds = 15, .percent = 70 },
	{ .ko = "노스페이스", .en = "THE NORTH FACE", .kinds = 11, .percent = 110 },
	{ .ko = "파타고니아", .en = "Patagonia", .kinds = 11, .percent = 120 },
	{ .ko = "스투시", .en = "STUSSY", .kinds = 9, .percent = 130 },
	{ .ko = "슈프림", .en = "Supreme", .kinds = 9, .percent = 190 },
	{ .ko = "폴로", .en = "Polo Ralph Lauren", .kinds = 3, .percent = 90 },
	{ .ko = "라코스테", .en = "LACOSTE", .kinds = 7, .percent = 80 },
	{ .ko = "칼하트", .en = "Carhartt", .kinds = 9, .percent = 100 },
	{ .ko = "리바이스", .en = "Levi's", .kinds = 3, .percent = 70 },
	{ .ko = "아미", .en = "AMI", .kinds = 3, .percent = 220 },
	{ .ko = "메종키츠네", .en = "MAISON KITSUNE", .kinds = 3, .percent = 200 },
	{ .ko = "꼼데가르송", .en = "COMME des GARCONS", .kinds = 11, .percent = 240 },
	{ .ko = "메종마르지엘라", .en = "Maison Margiela", .kinds = 15, .percent = 420 },
	{ .ko = "톰브라운", .en = "THOM BROWNE", .kinds = 11, .percent = 480 },
	{ .ko = "우영미", .en = "WOOYOUNGMI", .kinds = 1, .percent = 230 },
	{ .ko = "솔리드옴므", .en = "SOLID HOMME", .kinds = 1, .percent = 180 },
	{ .ko = "준지", .en = "JUUN.J", .kinds = 1, .percent = 200 },
	{ .ko = "띠어리", .en = "Theory", .kinds = 3, .percent = 130 },
	{ .ko = "르메르", .en = "LEMAIRE", .kinds = 11, .percent = 330 },
	{ .ko = "스톤아일랜드", .en = "STONE ISLAND", .kinds = 1, .percent = 260 },
	{ .ko = "씨피컴퍼니", .en = "C.P. COMPANY", .kinds = 1, .percent = 210 },
	{ .ko = "아크테릭스", .en = "ARC'TERYX", .kinds = 9, .percent = 230 },
	{ .ko = "몽클레르", .en = "MONCLER", .kinds = 3, .percent = 560 },
	{ .ko = "버버리", .en = "BURBERRY", .kinds = 11, .percent = 380 },
	{ .ko = "구찌", .en = "GUCCI", .kinds = 15, .percent = 520 },
	{ .ko = "프라다", .en = "PRADA", .kinds = 15, .percent = 540 },
	{ .ko = "발렌시아가", .en = "BALENCIAGA", .kinds = 15, .percent = 470 },
	{ .ko = "생로랑", .en = "SAINT LAURENT", .kinds = 15, .percent = 500 },
	{ .ko = "아더에러", .en = "ADER ERROR", .kinds = 7, .percent = 140 },
	{ .ko = "앤더슨벨", .en = "ANDERSSON BELL", .kinds = 3, .percent = 120 },
	{ .ko = "인사일런스", .en = "INSILENCE", .kinds = 1, .percent = 80 },
	{ .ko = "무신사스탠다드", .en = "MUSINSA STANDARD", .kinds = 3, .percent = 35 },
	{ .ko = "유니클로", .en = "UNIQLO", .kinds = 3, .percent = 30 },
	{ .ko = "자라", .en = "ZARA", .kinds = 3, .percent = 40 },
	{ .ko = "코스", .en = "COS", .kinds = 11, .percent = 60 },
	{ .ko = "마뗑킴", .en = "Matin Kim", .kinds = 10, .percent = 80 },
	{ .ko = "잉크", .en = "EENK", .kinds = 2, .percent = 160 },
	{ .ko = "산드로", .en = "SANDRO", .kinds = 3, .percent = 150 },
	{ .ko = "타임", .en = "TIME", .kinds = 2, .percent = 190 },
	{ .ko = "시스템", .en = "SYSTEM", .kinds = 3, .percent = 120 },
	{ .ko = "럭키슈에뜨", .en = "LUCKY CHOUETTE", .kinds = 2, .percent = 100 },
	{ .ko = "뉴발란스", .en = "New Balance", .kinds = 5, .percent = 80 },
	{ .ko = "컨버스", .en = "CONVERSE", .kinds = 4, .percent = 45 },
	{ .ko = "반스", .en = "VANS", .kinds = 4, .percent = 45 },
	{ .ko = "닥터마틴", .en = "Dr. Martens", .kinds = 4, .percent = 90 },
	{ .ko = "살로몬", .en = "SALOMON", .kinds = 4, .percent = 110 },
	{ .ko = "조던", .en = "JORDAN", .kinds = 5, .percent = 150 },
	{ .ko = "호카", .en = "HOKA", .kinds = 4, .percent = 100 },
	{ .ko = "포터", .en = "PORTER", .kinds = 8, .percent = 160 },
	{ .ko = "프라이탁", .en = "FREITAG", .kinds = 8, .percent = 130 },
	{ .ko = "루이비통", .en = "LOUIS VUITTON", .kinds = 12, .percent = 700 },
	{ .ko = "투미", .en = "TUMI", .kinds = 8, .percent = 170 },
	{ .ko = "쌤소나이트", .en = "Samsonite", .kinds = 8, .percent = 70 },
};
const int market_words_n_brands = N_OF(market_words_brands);

const char *const market_words_sizes[WORDS_SIZES][WORDS_LIST] = {
	[WORDS_TOP_MEN] = { "S", "M", "L", "XL", "95", "100", "105", "110", "46", "48", "50", "52",
			    "XXL" },
	[WORDS_TOP_WOMEN] = { "44", "55", "66", "77", "S", "M", "FREE", "36", "38" },
	[WORDS_WAIST] = { "28", "29", "30", "31", "32", "33", "34", "36", "S", "M", "L" },
	[WORDS_FEET] = { "235", "240", "245", "250", "255", "260", "265", "270", "275", "280",
			 "285" },
	[WORDS_VOLUME] = { "스몰", "미듐", "라지", "미니", "15인치", "20L" },
};

const char *const market_words_colours[] = { "블랙",   "화이트", "네이비",     "그레이",   "차콜",
					     "베이지", "카키",	 "브라운",     "아이보리", "블루",
					     "검정",   "흰색",	 "버건디",     "그린",	   "크림",
					     "black",  "Navy",	 "스카이블루", "핑크",	   NULL };

const char *const market_words_conditions[] = { "새상품",     "미개봉",	  "미착용",   "S급",
						"A급",	      "거의새것", "상태좋음", "빈티지",
						"한정판",     "정품",	  "새제품",   "실착1회",
						"국내매장판", "해외",	  NULL };

const char *const market_words_endings[] = { "팝니다",	      "판매합니다", "택포",  "무료배송",
					     "네고가능",      "네고X",	    "급처",  "급처분",
					     "쿨거래",	      "가격내림",   "정품",  "새상품",
					     "사이즈 팝니다", "풀구성",	    "교신X", "팔아요!",
					     "(가격제안)",    "최저가",	    NULL };

const char *const market_words_emoji[] = { "🔥", "✨", "❤️", "⭐️", "🎁", "💙", "‼️", NULL };

const char *const market_words_men[] = { "남성", "남자", "맨즈", "남", NULL };
const char *const market_words_women[] = { "여성", "여자", "우먼", "우먼즈", "여", NULL };

const char *const market_words_titles[] = {
	"B D G",
	"B D G S",
	"B W D G S",
	"B G C S",
	"[K] B D G S",
	"(K) B W G C",
	"(S) B D G",
	"[S] B W D G",
	"B Y D G S",
	"B b D G C S",
	"B D G C E",
	"K B D G S사이즈",
	"B W D G 사이즈 S",
	"b D G S",
	"b G C S E",
	"B G E",
	"B N D G S",
	"[B] D G C S",
	"[b] W D G N",
	"B Y W G C S",
	"B D G K S E",
	"K) B D W G",
	"W B D G C",
	"B C D G S size",
	"D G C S",
	"B D G/C/S",
	"B  D  G",
	NULL,
};

const char *const market_words_wanted[] = { "B D G 삽니다",  "[구매] B G S",	   "B G S 구해요",
					    "삽니다) B D G", "B W G 매입합니다 S", NULL };

const char *const market_words_hollow[] = { ".",    "..", "ㅇ",	    "ㅇㅇ",	  "-", "ㅡㅡ", "♡",
					    "판매", "옷", "팝니다", "개인결제창", "1", NULL };

const int64_t market_words_jokes[] = { 0,	 1,	    10,	     100,     1111,
				       11111,	 111111,    1111111, 1234567, 9999999,
				       99999999, 999999999, 12345678 };
const int market_words_n_jokes = N_OF(market_words_jokes);
