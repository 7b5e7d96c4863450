case x of
    when '0' || a
        y = 1;
