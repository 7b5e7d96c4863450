if a == b
    x = 1;
if a == b x = 1;
