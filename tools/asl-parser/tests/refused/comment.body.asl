x = 1;
/* never
 ended
