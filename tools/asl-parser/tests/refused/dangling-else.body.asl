x = 1;
else
    y = 1;
z = ;
