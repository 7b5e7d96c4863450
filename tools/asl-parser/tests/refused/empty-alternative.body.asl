case x of
    when '0'
    when '1'
        y = 1;
