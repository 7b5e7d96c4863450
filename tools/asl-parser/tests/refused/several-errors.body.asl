if a b then x = 1;
for i = 0 upto 3
    y = 1;
q = 2;
while TRUE
    z = 1;
ok = 1;
return return;
