integer f(integer)
    return 1;
integer g(integer x, integer x)
    return 1;
integer h(integer x)
