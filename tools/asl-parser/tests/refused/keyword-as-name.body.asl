integer case = 1;
for to = 1 to 3
    x = 1;
