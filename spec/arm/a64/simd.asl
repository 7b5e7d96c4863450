// simd.asl - Advanced SIMD. SPDX-License-Identifier: MIT

__instruction ADD_SUB_vector
    __encoding ADD_SUB_vector
        __layout A64 '0' Q:1 U:1 '01110' size:2 '1' Rm:5 '100001' Rn:5 Rd:5
        __decode
            if size:Q == '110' then UNDEFINED;
            integer esize = 8 << UInt(size);
            integer datasize = if Q == '1' then 128 else 64;
    __encoding ADD_SUB_scalar
        __layout A64 '01' U:1 '11110111' Rm:5 '100001' Rn:5 Rd:5
        __decode
            integer esize = 64;
            integer datasize = 64;
    __execute
        NotInStreaming();
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(datasize) b = V[UInt(Rm), datasize];
        bits(datasize) result;
        for e = 0 to datasize DIV esize - 1 do
            bits(esize) x = Elem[a, e, esize];
            bits(esize) y = Elem[b, e, esize];
            Elem[result, e, esize] = if U == '1' then x - y else x + y;
        V[UInt(Rd), datasize] = result;

__instruction SAT_ADD_SUB_vector
    __encoding SAT_ADD_SUB_vector
        __layout A64 '0' Q:1 U:1 '01110' size:2 '1' Rm:5 '00' sub:1 '011' Rn:5 Rd:5
        __decode
            if size:Q == '110' then UNDEFINED;
            integer esize = 8 << UInt(size);
            integer datasize = if Q == '1' then 128 else 64;
            integer elements = datasize DIV esize;
    __encoding SAT_ADD_SUB_scalar
        __layout A64 '01' U:1 '11110' size:2 '1' Rm:5 '00' sub:1 '011' Rn:5 Rd:5
        __decode
            integer esize = 8 << UInt(size);
            integer datasize = esize;
            integer elements = 1;
    __execute
        NotInStreaming();
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(datasize) b = V[UInt(Rm), datasize];
        bits(datasize) result;
        bit saturated = '0';
        for e = 0 to elements - 1 do
            integer x = Number(Elem[a, e, esize], U);
            integer y = Number(Elem[b, e, esize], U);
            integer exact = if sub == '1' then x - y else x + y;
            integer inside = Saturated(exact, esize, U);
            Elem[result, e, esize] = inside<esize-1:0>;
            saturated = if inside != exact then '1' else saturated;
        V[UInt(Rd), datasize] = result;
        FPSR.QC = FPSR.QC OR saturated;

__instruction MUL_element
    __encoding MUL_element
        __layout A64 '0' Q:1 '001111' size:2 L:1 M:1 Rm:4 '1000' H:1 '0' Rn:5 Rd:5
        __decode
            integer index;
            integer m;
            case size of
                when '01'
                    index = UInt(H:L:M);
                    m = UInt(Rm);
                when '10'
                    index = UInt(H:L);
                    m = UInt(M:Rm);
                otherwise
                    UNDEFINED;
            integer esize = 8 << UInt(size);
            integer datasize = if Q == '1' then 128 else 64;
    __execute
        NotInStreaming();
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(128) b = V[m, 128];
        bits(datasize) result;
        bits(esize) y = Elem[b, index, esize];
        for e = 0 to datasize DIV esize - 1 do
            Elem[result, e, esize] = Elem[a, e, esize] * y;
        V[UInt(Rd), datasize] = result;

__instruction ZIP
    __encoding ZIP
        __layout A64 '0' Q:1 '001110' size:2 '0' Rm:5 '0' op:1 '1110' Rn:5 Rd:5
        __decode
            if size:Q == '110' then UNDEFINED;
            integer esize = 8 << UInt(size);
            integer datasize = if Q == '1' then 128 else 64;
            integer pairs = datasize DIV esize DIV 2;
    __execute
        NotInStreaming();
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(datasize) b = V[UInt(Rm), datasize];
        bits(datasize) result;
        integer base = if op == '1' then pairs else 0;
        for p = 0 to pairs - 1 do
            Elem[result, 2 * p, esize] = Elem[a, base + p, esize];
            Elem[result, 2 * p + 1, esize] = Elem[b, base + p, esize];
        V[UInt(Rd), datasize] = result;

__instruction TABLE
    __encoding TABLE
        __layout A64 '0' Q:1 '001110000' Rm:5 '0' len:2 op:1 '00' Rn:5 Rd:5
        __decode
            integer datasize = if Q == '1' then 128 else 64;
            integer regs = UInt(len) + 1;
    __execute
        NotInStreaming();
        bits(datasize) indices = V[UInt(Rm), datasize];
        bits(128) t0 = V[UInt(Rn), 128];
        bits(128) t1 = V[(UInt(Rn) + 1) MOD 32, 128];
        bits(128) t2 = V[(UInt(Rn) + 2) MOD 32, 128];
        bits(128) t3 = V[(UInt(Rn) + 3) MOD 32, 128];
        bits(datasize) result;
        if op == '1' then result = V[UInt(Rd), datasize];
        for e = 0 to datasize DIV 8 - 1 do
            integer n = UInt(Elem[indices, e, 8]);
            if n < 16 then Elem[result, e, 8] = Elem[t0, n, 8];
            elsif regs > 1 && n < 32 then Elem[result, e, 8] = Elem[t1, n - 16, 8];
            elsif regs > 2 && n < 48 then Elem[result, e, 8] = Elem[t2, n - 32, 8];
            elsif regs > 3 && n < 64 then Elem[result, e, 8] = Elem[t3, n - 48, 8];
        V[UInt(Rd), datasize] = result;

__instruction AESE
    __encoding AESE
        __layout A64 '0100111000101000010010' Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_AES)
    __execute
        NotInStreaming();
        bits(128) x = V[UInt(Rd), 128] EOR V[UInt(Rn), 128];
        bits(128) result;
        for e = 0 to 15 do
            Elem[result, e, 8] = AESSubByte(Elem[x, (5 * e) MOD 16, 8]);
        V[UInt(Rd), 128] = result;

// One to four registers, one behind the other in memory.
__instruction LD1_multiple
    __encoding LD1_multiple
        __layout A64 '0' Q:1 '00110001000000' opcode:4 size:2 Rn:5 Rt:5
        __decode
            boolean wback = FALSE;
            bits(5) Rm = '00000';
    __encoding LD1_multiple_post
        __layout A64 '0' Q:1 '001100110' Rm:5 opcode:4 size:2 Rn:5 Rt:5
        __decode
            boolean wback = TRUE;
    __postdecode
        integer regs;
        case opcode of
            when '0111' regs = 1;
            when '1010' regs = 2;
            when '0110' regs = 3;
            when '0010' regs = 4;
            otherwise UNDEFINED;
        integer datasize = if Q == '1' then 128 else 64;
        integer ebytes = 1 << UInt(size);
        integer elements = datasize DIV 8 DIV ebytes;
    __execute
        NotInStreaming();
        bits(64) address = Base(UInt(Rn));
        for r = 0 to regs - 1 do
            VectorLoad((UInt(Rt) + r) MOD 32, address + r * (datasize DIV 8), ebytes, elements);
        if wback then PostIndex(UInt(Rn), address, UInt(Rm), regs * (datasize DIV 8));

__instruction LD1_single
    __encoding LD1_single
        __layout A64 '0' Q:1 '00110101000000' opcode:2 '0' S:1 size:2 Rn:5 Rt:5
        __decode
            boolean wback = FALSE;
            bits(5) Rm = '00000';
    __encoding LD1_single_post
        __layout A64 '0' Q:1 '001101110' Rm:5 opcode:2 '0' S:1 size:2 Rn:5 Rt:5
        __decode
            boolean wback = TRUE;
    __postdecode
        integer index;
        integer ebytes;
        case opcode of
            when '00'
                index = UInt(Q:S:size);
                ebytes = 1;
            when '01'
                if size<0> == '1' then UNDEFINED;
                index = UInt(Q:S:size<1>);
                ebytes = 2;
            when '10'
                if size<1> == '1' then UNDEFINED;
                if size<0> == '0' then
                    index = UInt(Q:S);
                    ebytes = 4;
                else
                    if S == '1' then UNDEFINED;
                    index = UInt(Q);
                    ebytes = 8;
            otherwise
                UNDEFINED;
    __execute
        NotInStreaming();
        bits(64) address = Base(UInt(Rn));
        bits(128) value = V[UInt(Rt), 128];
        Elem[value, index, 8 * ebytes] = Mem[address, ebytes];
        V[UInt(Rt), 128] = value;
        if wback then PostIndex(UInt(Rn), address, UInt(Rm), ebytes);

__instruction FMLA_vector
    __encoding FMLA_vector
        __layout A64 '0' Q:1 '001110' sub:1 sz:1 '1' Rm:5 '110011' Rn:5 Rd:5
        __decode
            if sz:Q == '10' then UNDEFINED;
            integer esize = 32 << UInt(sz);
    __encoding FMLA_vector_half
        __layout A64 '0' Q:1 '001110' sub:1 '10' Rm:5 '000011' Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_FP16)
        __decode
            integer esize = 16;
    __postdecode
        integer datasize = if Q == '1' then 128 else 64;
    __execute
        NotInStreaming();
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(datasize) b = V[UInt(Rm), datasize];
        bits(datasize) c = V[UInt(Rd), datasize];
        bits(datasize) result;
        for e = 0 to datasize DIV esize - 1 do
            bits(esize) x = Elem[a, e, esize];
            bits(esize) factor = if sub == '1' then FPNeg(x) else x;
            Elem[result, e, esize] = FPMulAdd(factor, Elem[b, e, esize], Elem[c, e, esize]);
        V[UInt(Rd), datasize] = result;

__instruction FMLA_element
    __encoding FMLA_element
        __layout A64 '0' Q:1 '0011111' sz:1 L:1 M:1 Rm:4 '0' sub:1 '01' H:1 '0' Rn:5 Rd:5
        __decode
            if sz == '1' && (L == '1' || Q == '0') then UNDEFINED;
            integer index = if sz == '1' then UInt(H) else UInt(H:L);
            bits(5) m = M:Rm;
            integer esize = 32 << UInt(sz);
            integer datasize = if Q == '1' then 128 else 64;
    __encoding FMLA_element_half
        __layout A64 '0' Q:1 '00111100' L:1 M:1 Rm:4 '0' sub:1 '01' H:1 '0' Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_FP16)
        __decode
            integer index = UInt(H:L:M);
            bits(5) m = '0':Rm;
            integer esize = 16;
            integer datasize = if Q == '1' then 128 else 64;
    __encoding FMLA_element_scalar
        __layout A64 '010111111' sz:1 L:1 M:1 Rm:4 '0' sub:1 '01' H:1 '0' Rn:5 Rd:5
        __decode
            if sz == '1' && L == '1' then UNDEFINED;
            integer index = if sz == '1' then UInt(H) else UInt(H:L);
            bits(5) m = M:Rm;
            integer esize = 32 << UInt(sz);
            integer datasize = esize;
    __encoding FMLA_element_scalar_half
        __layout A64 '0101111100' L:1 M:1 Rm:4 '0' sub:1 '01' H:1 '0' Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_FP16)
        __decode
            integer index = UInt(H:L:M);
            bits(5) m = '0':Rm;
            integer esize = 16;
            integer datasize = 16;
    __execute
        NotInStreaming();
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(128) b = V[UInt(m), 128];
        bits(datasize) c = V[UInt(Rd), datasize];
        bits(datasize) result;
        bits(esize) y = Elem[b, index, esize];
        for e = 0 to datasize DIV esize - 1 do
            bits(esize) x = Elem[a, e, esize];
            bits(esize) factor = if sub == '1' then FPNeg(x) else x;
            Elem[result, e, esize] = FPMulAdd(factor, y, Elem[c, e, esize]);
        V[UInt(Rd), datasize] = result;

// FCVTNS and so on, SCVTF: opcode:o2 is the direction; integers as wide as the numbers
__instruction FCVT_integer
    __encoding FCVT_vector
        __layout A64 '0' Q:1 U:1 '01110' o2:1 sz:1 '1000011' opcode:3 '10' Rn:5 Rd:5
        __decode
            if sz:Q == '10' then UNDEFINED;
            integer esize = 32 << UInt(sz);
            integer datasize = if Q == '1' then 128 else 64;
    __encoding FCVT_vector_half
        __layout A64 '0' Q:1 U:1 '01110' o2:1 '11110011' opcode:3 '10' Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_FP16)
        __decode
            integer esize = 16;
            integer datasize = if Q == '1' then 128 else 64;
    __encoding FCVT_scalar
        __layout A64 '01' U:1 '11110' o2:1 sz:1 '1000011' opcode:3 '10' Rn:5 Rd:5
        __decode
            integer esize = 32 << UInt(sz);
            integer datasize = esize;
    __encoding FCVT_scalar_half
        __layout A64 '01' U:1 '11110' o2:1 '11110011' opcode:3 '10' Rn:5 Rd:5
        __guard IsFeatureImplemented(FEAT_FP16)
        __decode
            integer esize = 16;
            integer datasize = 16;
    __postdecode
        boolean from = opcode:o2 == '1010';
        integer direction;
        case opcode:o2 of
            when '0100' direction = 0;
            when '0101' direction = 3;
            when '0110' direction = 2;
            when '0111' direction = 1;
            when '1000' direction = 4;
            when '1010' direction = 0;
            otherwise UNDEFINED;
    __execute
        NotInStreaming();
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(datasize) result;
        for e = 0 to datasize DIV esize - 1 do
            bits(esize) x = Elem[a, e, esize];
            bits(esize) r;
            if from then
                if U == '1' then r = FixedUToFP(x, Zeros(esize), esize);
                else r = FixedSToFP(x, Zeros(esize), esize);
            else
                if U == '1' then r = FPToFixedU(x, Zeros(esize), esize, direction);
                else r = FPToFixedS(x, Zeros(esize), esize, direction);
            Elem[result, e, esize] = r;
        V[UInt(Rd), datasize] = result;

// The highest bit of immh is the element's size, what is below it says where the point is.
integer FixedSize(bits(4) immh)
    if immh<3> == '1' then return 64;
    if immh<2> == '1' then return 32;
    if immh<1> == '1' then return 16;
    UNDEFINED;

__instruction FCVT_fixed
    __encoding FCVT_vector_fixed
        __layout A64 '0' Q:1 U:1 '011110' immh:4 immb:3 '111' way:2 '1' Rn:5 Rd:5
        __decode
            integer esize = FixedSize(immh);
            if (esize == 64 && Q == '0') || !(way IN {'00', '11'}) then UNDEFINED;
            integer datasize = if Q == '1' then 128 else 64;
    __encoding FCVT_scalar_fixed
        __layout A64 '01' U:1 '111110' immh:4 immb:3 '111' way:2 '1' Rn:5 Rd:5
        __decode
            if !(way IN {'00', '11'}) then UNDEFINED;
            integer esize = FixedSize(immh);
            integer datasize = esize;
    __execute
        NotInStreaming();
        bits(esize) point = (2 * esize - UInt(immh:immb))<esize-1:0>;
        bits(datasize) a = V[UInt(Rn), datasize];
        bits(datasize) result;
        for e = 0 to datasize DIV esize - 1 do
            bits(esize) x = Elem[a, e, esize];
            bits(esize) r;
            if way == '00' then
                if U == '1' then r = FixedUToFP(x, point, esize);
                else r = FixedSToFP(x, point, esize);
            else
                if U == '1' then r = FPToFixedU(x, point, esize, 1);
                else r = FPToFixedS(x, point, esize, 1);
            Elem[result, e, esize] = r;
        V[UInt(Rd), datasize] = result;
