case x of
    y = 1;
    when '0'
        z = 1;
