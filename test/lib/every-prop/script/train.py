print("trains nothing")
