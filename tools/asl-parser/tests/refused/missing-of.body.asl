case x
    when '0'
        y = 1;
z = 1 1;
