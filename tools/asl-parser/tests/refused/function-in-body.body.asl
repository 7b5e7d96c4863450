integer f(integer x)
    return x;
