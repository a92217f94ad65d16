#!/usr/bin/env python3
"""A plain detector to compare with: NFKC, a list of terms, a window for denials, a pattern a value. The standard library is enough.

    owabi test --detector 'process:python3 adapters/regex_baseline.py'

It reads {"id": …, "text": …} on each line of stdin and answers {"id": …, "labels": {…}} on each line of stdout, flushed. It names
which categories leaked, with their status, and the values that stand in the text, and nothing else. What it does is what a
rule-based scanner does out of the box: a term is found wherever it stands; the words after it in its sentence say whether it is
denied or merely possible; a value is what looks like one, and a contact's where words of a help desk stand in its line or before.
"""

import json
import re
import sys
import unicodedata

# A category's id, and the words that name it. Longer words win.
TERMS = {
    "name": "氏名 お名前 姓名 名前 漢字氏名 フリガナ",
    "date_of_birth": "生年月日 誕生日",
    "age": "年齢",
    "gender": "性別",
    "nationality": "国籍 在留資格",
    "photo": "顔写真 写真",
    "family": "家族構成 家族情報 続柄 世帯主 保護者名",
    "address": "住所 郵便番号 居住地 配送先 届け先",
    "phone": "電話番号 携帯番号",
    "fax": "FAX番号 ファックス番号 ファクシミリ番号",
    "email": "メールアドレス Eメール e-mail 電子メールアドレス",
    "sns_account": "SNSアカウント アカウント名",
    "my_number": "マイナンバー 個人番号",
    "ssn": "社会保障番号 ソーシャルセキュリティ番号 SSN",
    "drivers_license": "運転免許証番号 免許証番号 運転免許証の番号",
    "passport": "パスポート番号 旅券番号",
    "residence_card": "在留カード番号",
    "health_insurance_id": "保険証番号 被保険者番号 被保険者証 健康保険証",
    "pension_number": "基礎年金番号 年金番号",
    "resident_code": "住民票コード",
    "license_number": "資格番号 登録番号 免許番号",
    "identity_document": "本人確認書類 身分証",
    "payment_card": "クレジットカード情報 カード情報 クレジットカードの情報",
    "card_number": "クレジットカード番号 カード番号",
    "card_holder": "カード名義 名義人名 カード会員名",
    "card_expiry": "有効期限",
    "card_security_code": "セキュリティコード CVV",
    "pin": "暗証番号",
    "bank_account": "口座番号 銀行口座 口座情報 振込先",
    "tax_or_income": "年収 所得 収入 税額 給与",
    "credit_record": "信用情報 借入 ローン残高",
    "stored_value": "電子マネー ポイント残高 ギフトコード",
    "contract_number": "契約番号 証券番号",
    "purchase_history": "購入履歴 注文履歴 取引履歴 購買履歴",
    "login_id": "ログインID ユーザーID ユーザID アカウントID",
    "password": "パスワード",
    "security_question": "秘密の質問",
    "secret_key": "アクセスキー APIキー 秘密鍵 シークレットキー",
    "session_token": "セッションID セッション情報 Cookie クッキー",
    "customer_id": "会員番号 顧客番号 お客様番号 会員ID 顧客ID",
    "employee_id": "社員番号 職員番号 従業員番号",
    "student_id": "学籍番号 受験番号 学生番号",
    "patient_id": "患者ID 患者番号 診察券番号",
    "medical": "病名 診断名 診療情報 検査結果 健診結果 既往歴 診療記録 処方 健康診断",
    "disability": "障害等級 障害の程度 障害者手帳 障害の有無",
    "criminal_record": "犯罪歴 前科",
    "special_care": "要配慮個人情報",
    "biometric": "指紋 顔認証 生体情報",
    "education_record": "成績 評定 指導要録 得点",
    "employment_record": "人事評価 勤務記録 人事情報 勤怠 面談記録",
    "affiliation": "勤務先 所属 会社名 学校名 学年 部署名",
    "occupation": "職業 役職 職種",
    "resume": "履歴書 職務経歴書 職歴",
    "vehicle": "車両番号 車台番号 登録ナンバー 車種 車両情報",
    "real_estate": "物件情報 物件名 物件の所在地",
    "ip_address": "IPアドレス",
    "device_id": "端末識別番号 端末ID MACアドレス 端末情報",
    "location": "位置情報",
    "browsing_history": "閲覧履歴 利用履歴",
    "communication": "問い合わせ内容 問合せ内容 相談内容 メール本文 通話記録",
    "log": "アクセスログ ログ情報",
    "business_information": "取引先情報 機密情報 営業秘密 契約書",
    "corporate_number": "法人番号",
}
WORDS = {unicodedata.normalize("NFKC", word): category for category, words in TERMS.items() for word in words.split()}
TERM = re.compile("|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True)))

# How far behind a term its status is looked for, and how far before it a lead that makes it merely possible.
WINDOW = 40
LEAD = 200
DENIED = re.compile(
    r"(含まれ|含ん|保持し|保存し|保有し|漏えいし|漏洩し|流出し|記載し|記録し|記載され|記録され)(て(は)?)?(おりません|いません|いない|おらず|ません|ない)"
    r"|(漏えい|漏洩|流出)(の事実)?は(確認されておりません|ございません|ありません|確認されていません)|対象外|除き|除く"
)
POSSIBLE = re.compile(r"可能性|おそれ|恐れ|疑い|否定でき")
STRENGTH = ["denied", "possible", "confirmed"]


# What a value of a category looks like in NFKC.
VALUES = {
    "email": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    "ip_address": r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",
    "card_number": r"(?<![\d-])[3-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{2,4}(?![\d-])",
    "my_number": r"(?<![\d-])\d{4}[ -]\d{4}[ -]\d{4}(?![ -]?\d)",
    "phone": r"(?<![\d-])0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}(?![\d-])|(?<!\d)0[5789]0\d{8}(?!\d)",
    "address": r"(?:〒? ?\d{3}-\d{4} ?)?(?:東京都|北海道|京都府|大阪府|[一-龥]{2,3}県)[^\s、。,「」()]{1,25}?\d+(?:-|丁目|番地?|号|\d)*",
    "date_of_birth": r"(?<=生年月日[: ])\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?",
}
VALUE = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in VALUES.items()))
CONTACT = re.compile(r"窓口|問い?合わ?せ|連絡先|相談|電話番号:|TEL|Tel|受付|コールセンター|フリーダイヤル|E-?mail:|本社|所在地")


def normalise(text):
    """NFKC with, for every character of it, its position in the source."""
    out, places = [], []
    for place, character in enumerate(text):
        new = unicodedata.normalize("NFKC", character)
        out.append(new)
        places.extend([place] * len(new))
    return "".join(out), places + [len(text)]


def status_of(text, start, end):
    """What the words around a term say of it."""
    behind = re.split("[。\n]", text[end : end + WINDOW])[0]
    if DENIED.search(behind):
        return "denied"
    return "possible" if POSSIBLE.search(behind) or POSSIBLE.search(text[max(0, start - LEAD) : start]) else "confirmed"


def data(mentions, text, places):
    """The leaked categories of (category, start, end) in normalised text, each with its strongest status."""
    found = {}
    for category, start, end in mentions:
        span = {"start": places[start], "end": places[end - 1] + 1, "status": status_of(text, start, end)}
        found.setdefault(category, []).append(span)
    strongest = lambda spans: max((span["status"] for span in spans), key=STRENGTH.index)
    return [{"category": category, "status": strongest(spans), "spans": spans} for category, spans in found.items()]


def values(text, places):
    for match in VALUE.finditer(text):
        around = text[text.rfind("\n", 0, max(0, match.start() - 40)) + 1 : match.end()][-80:]
        use = "contact" if CONTACT.search(around) else "exhibit"
        span = {"start": places[match.start()], "end": places[match.end() - 1] + 1}
        yield {"kind": match.lastgroup, "use": use, "well_formed": True, "spans": [span]}


def main():
    for line in sys.stdin:
        if line.strip():
            question = json.loads(line)
            text, places = normalise(question["text"])
            mentions = [(WORDS[match.group()], match.start(), match.end()) for match in TERM.finditer(text)]
            labels = {"data": data(mentions, text, places), "values": list(values(text, places))}
            print(json.dumps({"id": question["id"], "labels": labels}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
