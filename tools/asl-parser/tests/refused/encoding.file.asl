__instruction I
    __encoding E
        __instruction_set A64
        __field a 31 + 1
        __field b 31 +: 2
        __field c 3 +: 0
        __field d 0 +: 4
        __field d 4 +: 4
        __opcode 'xxxx0000 0000000 00000000 00000000'
        __guard
        __unpredictable_unless 40 != '01'
        __decode
            x = ;
    __encoding F
        __opcode '01'
        __opcode 1
    __execute
        y = ;
    __execute
        z = 1;
