"""What the documents of the API show as examples, in the words that offices use."""

MISSING_PAPER = "Giấy chứng nhận bản gốc"
STOP_REASON = "Không bổ sung giấy tờ trong thời hạn"
QUESTION = "Kho còn giữ hồ sơ gốc của thửa đất này không?"
