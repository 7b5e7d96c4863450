if a then
x = 1;
for i = 0 to 3
y = 1;
if b then
    // a comment is no statement
else
    z = 1;
