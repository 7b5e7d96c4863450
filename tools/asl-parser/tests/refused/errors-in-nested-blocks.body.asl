if a then
    x = ;
    y = 1;
    if b then
        z = 2 2;
    else
        w = );
else
    v = [;
