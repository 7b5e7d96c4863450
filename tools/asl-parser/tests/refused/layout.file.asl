__instruction I
    __encoding E
        __layout A64 '1111' a:4='01' '0000000' b:16
    __encoding F
        __layout A64 '1111'
        __opcode '11111111'
        __layout A64 '11111111'
    __encoding G
        __layout A64 a:4 a:4
    __encoding H
        __layout A64 a 4
    __execute
