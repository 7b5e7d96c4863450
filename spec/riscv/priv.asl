// priv.asl - cache blocks and privileged instructions. SPDX-License-Identifier: MIT

// rv_zicbo
cbo.clean       (rs1)      CboClean(rs1);
cbo.flush       (rs1)      CboFlush(rs1);
cbo.inval       (rs1)      CboInval(rs1);
cbo.zero        (rs1)      CboZero(rs1);
prefetch.i      line(rs1)  ;
prefetch.r      line(rs1)  ;
prefetch.w      line(rs1)  ;

// rv_system
mret            -          Mret();
wfi             -          Wfi();

// rv_s
sfence.vma      rs1, rs2   FenceVma(rs1, rs2, RegisterNumber(rs1) != 0, RegisterNumber(rs2) != 0);
sret            -          Sret();

// rv_svinval
sinval.vma      rs1, rs2   as sfence.vma
sfence.w.inval  -          FenceOrder();
sfence.inval.ir -          as sfence.w.inval
